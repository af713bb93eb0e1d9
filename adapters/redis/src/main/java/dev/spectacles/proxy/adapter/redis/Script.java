package dev.spectacles.proxy.adapter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.redisson.api.RFuture;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RScriptAsync;
import org.redisson.client.RedisException;

/** Lua script of the resources; its file states keys, arguments and result. */
enum Script {
  ABOUT(""),
  ANSWERS_USAGE(""),
  APPLY_GUILD(""),
  BACKLOG(""),
  BUMP_TAGS(""),
  CREATE_GROUP(""),
  EGRESS_LEAVE(""),
  EGRESS_SWAP(""),
  EGRESS_SYNC(""),
  FEED_PASS(""),
  FEED_STATE(""),
  GENERATIONS(""),
  GUILD_USAGE(""),
  INSTANCES(""),
  KEEP("holder.lua"),
  LEAD(""),
  LEARN_LIMIT("limits.lua"),
  LEAVE(""),
  MARK_SENT("holder.lua"),
  NOTE_ANSWERED(""),
  NOTE_APP(""),
  PEEK("limits.lua"),
  RENEW("limits.lua"),
  RESIGN(""),
  RESTAMP("limits.lua"),
  SETTLE("holder.lua"),
  SWEEP(""),
  TRIM(""),
  TURN("limits.lua");

  private final String source;
  private final String sha1;

  /**
   * Script that begins with another file.
   *
   * @param common that file; empty if there is none
   */
  Script(String common) {
    String own = read(name().toLowerCase(Locale.ROOT) + ".lua");
    this.source = common.isEmpty() ? own : read(common) + own;
    this.sha1 = sha1(source);
  }

  /** Text to evaluate. */
  String source() {
    return source;
  }

  /** Name under which a server that has evaluated it once knows it. */
  String sha1() {
    return sha1;
  }

  /** Waiting for what a server answers, for as long as somebody wants it. */
  @FunctionalInterface
  interface Waiting {
    List<Object> await(RFuture<List<Object>> answer) throws InterruptedException;
  }

  /** Runs it by its name, and by its text on a server that has not seen it. */
  List<Object> run(RScriptAsync scripts, List<Object> keys, Object[] arguments, Waiting waiting)
      throws InterruptedException {
    try {
      return waiting.await(
          scripts.evalShaAsync(Mode.READ_WRITE, sha1, ReturnType.LIST, keys, arguments));
    } catch (RedisException e) {
      if (!Failures.isScriptMissing(e)) {
        throw e;
      }
      // It started since.
      return waiting.await(
          scripts.evalAsync(Mode.READ_WRITE, source, ReturnType.LIST, keys, arguments));
    }
  }

  private static String sha1(String source) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
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
