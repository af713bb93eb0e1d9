/** What tests of any module use to look and to disturb: a log, a condition, a relay. */
@NullMarked
package dev.spectacles.proxy.testing;

import org.jspecify.annotations.NullMarked;
