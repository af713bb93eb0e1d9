package dev.spectacles.proxy.adapter.discord;

import java.io.IOException;

/** Tells that an answer's body went beyond the limit. */
final class TooLargeAnswerException extends IOException {}
