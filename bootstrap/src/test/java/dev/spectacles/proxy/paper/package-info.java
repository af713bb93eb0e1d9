/**
 * A broker that is no part of the proxy: messages are files in a folder. It is what the acceptance
 * of a plug-in is tried with, and a small example of one.
 *
 * <p>Start with {@link PaperBrokerProvider}. It knows nothing of instances that die: what they held
 * stays in their hands.
 */
@NullMarked
package dev.spectacles.proxy.paper;

import org.jspecify.annotations.NullMarked;
