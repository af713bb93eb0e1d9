package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.redis.CacheCalls.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.redisson.api.RBatch;
import org.redisson.api.RMapAsync;
import org.redisson.api.RScoredSortedSetAsync;
import org.redisson.client.codec.StringCodec;

/**
 * What applied changes mean for the keys that are no single guild's: the list of guilds, and the
 * guild of each channel where that cannot be written with the guild itself. Written after it: who
 * dies in between leaves channels of a cluster behind that no guild has any more, and what is
 * missing is written when the event comes again.
 */
final class EntityIndex {
  private static final long NOT_THERE = -1;

  private final EntityKeys names;
  private final boolean oneNode;
  private final Map<Long, Long> guildOfChannel = new HashMap<>();
  private final Map<Long, Boolean> listed = new HashMap<>();

  /**
   * Nothing yet.
   *
   * @param oneNode whether channels were written with the guild itself
   */
  EntityIndex(EntityKeys names, boolean oneNode) {
    this.names = names;
    this.oneNode = oneNode;
  }

  /**
   * Takes in a guild whose changes were applied; later ones count more.
   *
   * @param gone channels that the guild had, and was not told to have any more
   */
  void applied(GuildScript script, List<Long> gone) {
    if (!oneNode) {
      gone.forEach(channel -> guildOfChannel.put(channel, NOT_THERE));
      script
          .channels()
          .forEach(
              (channel, there) ->
                  guildOfChannel.put(channel, there ? (Long) script.guild() : (Long) NOT_THERE));
    }
    script.listed().ifPresent(is -> listed.put(script.guild(), is));
  }

  /** Commands that write it. */
  List<Command> commands() {
    var commands = new ArrayList<Command>();
    addGuilds(commands);
    addChannels(commands);
    return commands;
  }

  private void addChannels(List<Command> commands) {
    var kept = new HashMap<String, Map<String, String>>();
    var gone = new HashMap<String, List<String>>();
    guildOfChannel.forEach(
        (channel, guild) -> {
          String bucket = names.bucket(channel);
          String field = EntityKeys.id(channel);
          if (guild == NOT_THERE) {
            gone.computeIfAbsent(bucket, none -> new ArrayList<>()).add(field);
          } else {
            kept.computeIfAbsent(bucket, none -> new HashMap<>()).put(field, EntityKeys.id(guild));
          }
        });
    kept.forEach(
        (bucket, channels) -> commands.add(batch -> hash(batch, bucket).putAllAsync(channels)));
    gone.forEach(
        (bucket, channels) -> {
          String[] fields = channels.toArray(String[]::new);
          commands.add(batch -> hash(batch, bucket).fastRemoveAsync(fields));
        });
  }

  /** By their ids as scores, which come close enough: of the same score, ids are in order. */
  private void addGuilds(List<Command> commands) {
    var kept = new HashMap<String, Double>();
    var gone = new ArrayList<String>();
    listed.forEach(
        (guild, is) -> {
          if (is) {
            kept.put(EntityKeys.id(guild), (double) guild);
          } else {
            gone.add(EntityKeys.id(guild));
          }
        });
    if (!kept.isEmpty()) {
      commands.add(batch -> guilds(batch).addAllAsync(kept));
    }
    if (!gone.isEmpty()) {
      commands.add(batch -> guilds(batch).removeAllAsync(gone));
    }
  }

  private RScoredSortedSetAsync<String> guilds(RBatch batch) {
    return batch.getScoredSortedSet(names.guilds(), StringCodec.INSTANCE);
  }

  private static RMapAsync<String, String> hash(RBatch batch, String bucket) {
    return batch.getMap(bucket, StringCodec.INSTANCE);
  }
}
