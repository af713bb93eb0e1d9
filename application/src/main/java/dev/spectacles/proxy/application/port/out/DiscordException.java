package dev.spectacles.proxy.application.port.out;

import static java.util.Objects.requireNonNull;

/** A request without an answer from Discord. Its message is fit for the caller. */
public final class DiscordException extends Exception {
  /** What is known of a request that got no answer. */
  public enum Kind {
    /** No byte of it reached Discord, such as after a refused connection. */
    NOT_SENT,
    /** It was sent, at least in part; whether Discord executed it is unknown. */
    MAYBE_SENT,
    /** As {@link #MAYBE_SENT}, because the request's deadline passed. */
    DEADLINE_PASSED,
    /** Discord answered, but not in a way that can be passed on, such as with too large a body. */
    UNUSABLE_ANSWER
  }

  private final Kind kind;

  /** Failure of this kind; the message names what failed and why, without credentials. */
  public DiscordException(Kind kind, String message, Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.kind = requireNonNull(kind, "kind");
  }

  /** Failure of this kind without a cause in a library. */
  public DiscordException(Kind kind, String message) {
    super(requireNonNull(message, "message"));
    this.kind = requireNonNull(kind, "kind");
  }

  /** What is known of the request. */
  public Kind kind() {
    return kind;
  }
}
