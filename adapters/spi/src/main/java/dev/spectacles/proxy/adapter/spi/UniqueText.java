package dev.spectacles.proxy.adapter.spi;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Text that nobody else has, in any instance or run of it. */
public final class UniqueText {
  private static final int BYTES = 12;

  private UniqueText() {}

  /** 24 random hexadecimal digits. */
  public static String next() {
    var random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
