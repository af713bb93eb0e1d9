package dev.spectacles.proxy.application.service;

/** When GETs are answered from what the gateway told. */
public enum AnswerMode {
  /** Never. */
  OFF,
  /** Where a rate limit would have them wait for a noticeable time, or Discord fails. */
  FALLBACK,
  /** Instead of asking Discord, where the answer is as good as Discord's. */
  PREFER
}
