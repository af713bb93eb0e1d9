package dev.spectacles.proxy.adapter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Lua script of the resources; its file states keys, arguments and result. */
enum Script {
  ABOUT(false),
  CREATE_GROUP(false),
  EGRESS_LEAVE(false),
  EGRESS_SWAP(false),
  EGRESS_SYNC(false),
  KEEP(true),
  LEAVE(false),
  MARK_SENT(true),
  SETTLE(true),
  SWEEP(false),
  TRIM(false);

  private final String source;

  Script(boolean asksHolder) {
    String own = read(name().toLowerCase(Locale.ROOT) + ".lua");
    this.source = asksHolder ? read("holder.lua") + own : own;
  }

  /** Text to evaluate. */
  String source() {
    return source;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("script: " + file + " is missing (expected: in the jar)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("script: " + file + " cannot be read", e);
    }
  }
}
