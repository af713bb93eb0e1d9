package dev.spectacles.proxy.simulator.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short names for secrets, so that ledgers and keys hold none. */
public final class TokenId {
  private TokenId() {}

  /** First 16 hex digits of the SHA-256 of a credential; empty for an empty one. */
  public static String of(String credential) {
    if (credential.isEmpty()) {
      return "";
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(credential.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
