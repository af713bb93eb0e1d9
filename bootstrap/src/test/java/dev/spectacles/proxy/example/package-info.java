/** The examples of README, compiled and run. */
@NullMarked
package dev.spectacles.proxy.example;

import org.jspecify.annotations.NullMarked;
