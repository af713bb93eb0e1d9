package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Names of our scripts by the digest under which Redis calls them. */
public final class ScriptNames {
  private ScriptNames() {}

  /** All of them; SHA-1 in hexadecimal, lower case. */
  public static Map<String, String> byDigest() {
    var names = new TreeMap<String, String>();
    for (Script script : Script.values()) {
      names.put(digest(script.source()), script.name());
    }
    return names;
  }

  private static String digest(String source) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
