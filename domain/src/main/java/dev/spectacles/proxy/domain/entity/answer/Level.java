package dev.spectacles.proxy.domain.entity.answer;

/** How close an answer comes to Discord's own; the closest first. */
public enum Level {
  /** The same. */
  FAITHFUL,
  /** The same but for fields that the gateway does not tell. */
  LOSSY,
  /** May differ in ways that the gateway does not tell of: better than none. */
  FALLBACK;

  /** Whether it comes at least as close. */
  public boolean isAsGoodAs(Level other) {
    return compareTo(other) <= 0;
  }
}
