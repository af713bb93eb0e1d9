package dev.spectacles.proxy.domain.entity;

/** When GETs are answered from what the gateway told. */
public enum AnswerMode {
  /** Never. */
  OFF,
  /** When the rate limit would hold the request up, or Discord fails. */
  FALLBACK,
  /** Whenever that says the same as Discord's answer. */
  PREFER
}
