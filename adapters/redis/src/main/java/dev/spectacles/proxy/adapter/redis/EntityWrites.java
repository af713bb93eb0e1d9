package dev.spectacles.proxy.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.redis.CacheCalls.Command;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/**
 * Writes what is kept of applications, a script for each guild, many of them in a pipeline.
 * Thread-safe; changes of one guild have to come from one thread at a time.
 */
final class EntityWrites {
  /** A pipeline is not begun to be executed before it was written, and all of it is waited for. */
  private static final long BYTES_AT_ONCE = 1 << 20;

  private static final int GUILDS_AT_ONCE = 500;

  private final CacheCalls calls;
  private final FeedKeys feed;

  /** Whether one node has all keys: then the leader is looked at together with the guild. */
  private final boolean oneNode;

  /**
   * Grows with each guild that is written, so that a write that took long does not undo a later.
   */
  private final AtomicLong writes = new AtomicLong();

  EntityWrites(CacheCalls calls, FeedKeys feed, boolean oneNode) {
    this.calls = calls;
    this.feed = feed;
    this.oneNode = oneNode;
  }

  void keep(long leader, String app, AppState state) throws InterruptedException {
    List<Object> leads =
        calls.run(
            "Noting the application",
            Script.NOTE_APP,
            List.of(feed.number(), feed.app()),
            Long.toString(leader),
            app);
    if (!leads.getFirst().equals(1L)) {
      throw stale(leader);
    }
    var names = new EntityKeys(app);
    calls.together(
        "Keeping the bot's state",
        List.of(
            batch ->
                batch
                    .<String, String>getMap(names.meta(), StringCodec.INSTANCE)
                    .putAllAsync(BotFields.of(state, leader)),
            batch ->
                batch
                    .<byte[]>getBucket(names.self(), ByteArrayCodec.INSTANCE)
                    .setAsync(state.self().bytes())));
  }

  /**
   * Applies changes, guilds in their order.
   *
   * @return guilds for which there was no room
   */
  List<Long> apply(long leader, String app, List<GuildChanges> changes)
      throws InterruptedException {
    var names = new EntityKeys(app);
    var refused = new ArrayList<Long>();
    var pipeline = new ArrayList<GuildScript>();
    long bytes = 0;
    for (GuildChanges each : changes) {
      GuildScript script = GuildScript.of(names, each, oneNode);
      if (script.isEmpty()) {
        continue;
      }
      pipeline.add(script);
      bytes += script.bytes();
      if (bytes >= BYTES_AT_ONCE || pipeline.size() == GUILDS_AT_ONCE) {
        refused.addAll(apply(leader, names, pipeline));
        pipeline.clear();
        bytes = 0;
      }
    }
    refused.addAll(apply(leader, names, pipeline));
    return refused;
  }

  private List<Long> apply(long leader, EntityKeys names, List<GuildScript> scripts)
      throws InterruptedException {
    if (scripts.isEmpty()) {
      return List.of();
    }
    if (!oneNode) {
      requireLeader(leader);
    }
    List<?> answers =
        calls.runAll(
            "Applying changes",
            Script.APPLY_GUILD,
            scripts.stream().map(script -> command(script, leader)).toList());
    var index = new EntityIndex(names, oneNode);
    var refused = new ArrayList<Long>();
    Optional<RuntimeException> failure = Optional.empty();
    for (int i = 0; i < scripts.size(); i++) {
      List<?> answer = (List<?>) answers.get(i);
      GuildScript script = scripts.get(i);
      String outcome = text(answer.getFirst());
      switch (outcome) {
        case "ok" -> index.applied(script, ids(answer));
        case "full" -> {
          if (answer.get(1).equals(0L)) {
            refused.add(script.guild());
          } else {
            failure = Optional.of(new StoreException("Applying changes failed: Redis is full"));
          }
        }
        case "stale" -> failure = Optional.of(stale(leader));
        default ->
            failure =
                Optional.of(new StoreException("Applying changes failed: overtaken by later ones"));
      }
    }
    List<Command> indexing = index.commands();
    if (!indexing.isEmpty()) {
      calls.together("Keeping the index", indexing);
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return refused;
  }

  /** As good as nodes of a cluster can: it may become another right now. */
  private void requireLeader(long leader) throws InterruptedException {
    String number =
        calls.call(
            "Reading who leads",
            client -> client.<String>getBucket(feed.number(), StringCodec.INSTANCE).getAsync());
    if (!Long.toString(leader).equals(number)) {
      throw stale(leader);
    }
  }

  private Command command(GuildScript script, long leader) {
    List<Object> keys = script.keys();
    if (oneNode) {
      keys.add(feed.number());
    }
    Object[] arguments = script.arguments(leader, writes.incrementAndGet());
    return CacheCalls.evalSha(Script.APPLY_GUILD, keys, arguments);
  }

  private static StaleLeaderException stale(long leader) {
    return new StaleLeaderException("leader: " + leader + " (expected: who leads now)");
  }

  private static List<Long> ids(List<?> answer) {
    return answer.stream().skip(1).map(id -> EntityKeys.id(text(id))).toList();
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }
}
