package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Optional;

/** What is said of the exceptions of RabbitMQ's client: one line without anything secret. */
final class Failures {
  private static final int LONGEST = 300;

  private Failures() {}

  /** Why it failed. */
  static String reason(Throwable failure) {
    Optional<String> closed = closing(failure).map(Closing::text);
    return shortened(closed.orElseGet(() -> deepest(failure)));
  }

  /** Whether the broker refused to declare something, as it exists with other properties. */
  static boolean isMismatch(Throwable failure) {
    return closing(failure)
        .filter(closing -> closing.code() == AMQP.PRECONDITION_FAILED)
        .isPresent();
  }

  /** Whether the broker does not know what it was asked for. */
  static boolean isMissing(Throwable failure) {
    return closing(failure).filter(closing -> closing.code() == AMQP.NOT_FOUND).isPresent();
  }

  /** Whether the broker is there, but does not let us in. */
  static boolean isRefusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PossibleAuthenticationFailureException) {
        return true;
      }
    }
    return closing(failure)
        .filter(
            closing -> closing.code() == AMQP.NOT_ALLOWED || closing.code() == AMQP.ACCESS_REFUSED)
        .isPresent();
  }

  private record Closing(int code, String text) {}

  /** What the broker said when it closed the channel or the connection, if it did. */
  private static Optional<Closing> closing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException signal) {
        Object method = signal.getReason();
        if (method instanceof AMQP.Channel.Close close) {
          return Optional.of(new Closing(close.getReplyCode(), close.getReplyText()));
        }
        if (method instanceof AMQP.Connection.Close close) {
          return Optional.of(new Closing(close.getReplyCode(), close.getReplyText()));
        }
      }
    }
    return Optional.empty();
  }

  private static String deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (deepest instanceof ShutdownSignalException) {
      return "the connection was closed";
    }
    String message = deepest.getMessage();
    String type = deepest.getClass().getSimpleName();
    return message == null || message.isBlank() ? type : message + " (" + type + ")";
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
