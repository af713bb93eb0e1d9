package dev.spectacles.proxy.domain.ratelimit;

/** How urgent a request is among those of the same caller: the more urgent go first, always. */
public enum Priority {
  /** Before all others. */
  HIGH,
  /** Of requests that say nothing. */
  NORMAL,
  /** When nothing else is to do; the first to be held up when invalid requests pile up. */
  LOW
}
