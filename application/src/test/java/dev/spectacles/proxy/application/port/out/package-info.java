/** Contract suites of the ports, fakes that pass them, and a clock for tests. */
@NullMarked
package dev.spectacles.proxy.application.port.out;

import org.jspecify.annotations.NullMarked;
