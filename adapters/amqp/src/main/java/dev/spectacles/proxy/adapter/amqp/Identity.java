package dev.spectacles.proxy.adapter.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What makes a request the same when it is delivered again, on another connection or to another
 * instance: a hash of what its publisher named it by, safe to log and to store.
 */
record Identity(String hash) {
  private static final int BYTES = 16;

  /**
   * Identity of a request from this queue: by its {@code message_id}, or by where its answer goes;
   * none if it bears neither.
   */
  static Optional<Identity> of(String queue, BasicProperties properties) {
    String message = properties.getMessageId();
    if (message != null && !message.isEmpty()) {
      return Optional.of(hashed(queue, "message", message));
    }
    String replyTo = properties.getReplyTo();
    String correlation = properties.getCorrelationId();
    boolean named =
        replyTo != null && !replyTo.isEmpty() && correlation != null && !correlation.isEmpty();
    return named ? Optional.of(hashed(queue, "reply", replyTo, correlation)) : Optional.empty();
  }

  private static Identity hashed(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(UTF_8);
        // With its length before it no part can pose as the end of another.
        digest.update((bytes.length + ":").getBytes(UTF_8));
        digest.update(bytes);
      }
      return new Identity(HexFormat.of().formatHex(digest.digest(), 0, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
