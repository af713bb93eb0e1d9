package dev.spectacles.proxy.domain.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.Body;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many shards of a bot may identify at a time, which tells how big it is. Source: Discord docs,
 * Gateway, "Session Start Limit Object".
 */
public record MaxConcurrency(int shards) {
  private static final int LARGEST_BODY = 16 * 1024;
  private static final Pattern SHARDS =
      Pattern.compile(
          "\"session_start_limit\"\\s*:\\s*\\{[^{}]*\"max_concurrency\"\\s*:\\s*([0-9]{1,4})\\s*[,}]");

  private static final int BIG_BOT = 500;
  private static final int PER_SHARD = 25;

  /** Reads the body of an answer to {@code GET /gateway/bot}. */
  public static Optional<MaxConcurrency> parse(Body body) {
    String text = new String(body.bytes(), 0, Math.min(body.size(), LARGEST_BODY), UTF_8);
    Matcher found = SHARDS.matcher(text);
    return found.find()
        ? Optional.of(new MaxConcurrency(Integer.parseInt(found.group(1))))
        : Optional.empty();
  }

  /**
   * Requests per second that Discord permits a bot of this size; empty for one of ordinary size.
   * Observed by nirn-proxy, not documented.
   */
  public Optional<Integer> globalLimit() {
    return shards > 1 ? Optional.of(Math.max(BIG_BOT, PER_SHARD * shards)) : Optional.empty();
  }
}
