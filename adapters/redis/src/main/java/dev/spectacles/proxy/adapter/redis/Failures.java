package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.List;

/**
 * What is said of Redisson's exceptions.
 *
 * <p>Their messages repeat the command with its parameters, so a request's body or token would
 * reach logs with them. Only the beginning of the message is passed on, never the exception itself.
 */
final class Failures {
  private static final int LONGEST = 200;
  private static final List<String> PARAMETERS =
      List.of("\n", ". channel:", " channel:", ", params:", " params:", " with params", "script:");

  /** Beginnings of what Redis says of credentials, of old versions and new ones. */
  private static final List<String> REFUSALS =
      List.of(
          "WRONGPASS",
          "NOAUTH",
          "NOPERM",
          "ERR invalid password",
          "ERR AUTH <password> called without any password",
          "ERR Client sent AUTH, but no password is set");

  private Failures() {}

  /** Failure of this action, for the caller of a port. */
  static BrokerException failed(String action, Throwable cause) {
    return new BrokerException(action + " failed: " + reason(cause));
  }

  /** Failure of the limiter's store to do this, for the caller of its port. */
  static StoreException storeFailed(String action, Throwable cause) {
    return new StoreException(action + " failed: " + reason(cause));
  }

  /** Why it failed, in one line without anything secret. */
  static String reason(Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    if (message == null || message.isBlank()) {
      return deepest.getClass().getSimpleName();
    }
    int end = Math.min(message.length(), LONGEST);
    for (String start : PARAMETERS) {
      int at = message.indexOf(start);
      if (at > 0) {
        end = Math.min(end, at);
      }
    }
    return message.substring(0, end);
  }

  /** Whether the server is there, but does not let us in or do what we need. */
  static boolean isRefusal(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      if (REFUSALS.stream().anyMatch(message::startsWith)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the consumer group or the stream is gone and has to be created again. */
  static boolean isGroupGone(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("NOGROUP") || message.contains("UNBLOCKED");
  }

  /** Whether the server does not know a script that was loaded before, as after its restart. */
  static boolean isScriptMissing(Throwable cause) {
    return reason(cause).startsWith("NOSCRIPT");
  }
}
