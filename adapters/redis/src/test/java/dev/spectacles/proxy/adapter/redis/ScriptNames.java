package dev.spectacles.proxy.adapter.redis;

import java.util.Map;
import java.util.TreeMap;

/** Names of our scripts by the digest under which Redis calls them. */
public final class ScriptNames {
  private ScriptNames() {}

  /** All of them; SHA-1 in hexadecimal, lower case. */
  public static Map<String, String> byDigest() {
    var names = new TreeMap<String, String>();
    for (Script script : Script.values()) {
      names.put(script.sha1(), script.name());
    }
    return names;
  }
}
