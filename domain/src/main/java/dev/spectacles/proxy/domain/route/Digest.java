package dev.spectacles.proxy.domain.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Stands in for a secret in keys and logs. */
public final class Digest {
  private static final int BYTES_KEPT = 8;

  private Digest() {}

  /** First 16 hexadecimal digits of the SHA-256 of the secret. */
  public static String of(String secret) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES_KEPT);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
