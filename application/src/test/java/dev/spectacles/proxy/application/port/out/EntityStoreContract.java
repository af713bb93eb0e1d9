package dev.spectacles.proxy.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.out.EntityStore.Reach;
import dev.spectacles.proxy.application.port.out.EntityStore.Usage;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Change.Bury;
import dev.spectacles.proxy.domain.entity.Change.Drop;
import dev.spectacles.proxy.domain.entity.Change.Limit;
import dev.spectacles.proxy.domain.entity.Change.Note;
import dev.spectacles.proxy.domain.entity.Change.Put;
import dev.spectacles.proxy.domain.entity.Change.Remove;
import dev.spectacles.proxy.domain.entity.Change.ReplaceAll;
import dev.spectacles.proxy.domain.entity.Change.Unbury;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.testing.NotPromised;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EntityStore} promises; one test class per implementation implements it. Nobody
 * leads the subject's feed, and what is kept of other applications does not matter.
 */
public interface EntityStoreContract {
  /** Long enough for every test that does not wait for the end of it. */
  Duration LONG = Duration.ofMinutes(10);

  /** Snowflake of these days, far above what a double counts exactly. */
  long GUILD = 1_175_928_847_299_117_063L;

  /** Store under test, the same during one test. */
  EntityStore store();

  /** Store of another instance on the same feed; {@link #store} itself if none can share. */
  EntityStore another();

  /**
   * Store with room for this many bytes, closed by the test; empty where the bound is somebody
   * else's to see to.
   */
  Optional<EntityStore> withRoomFor(long bytes);

  /** Lets this much of the store's time pass. */
  void pass(Duration time) throws InterruptedException;

  /** Wall clock of the store. */
  Instant now();

  @Test
  default void nothingIsThere_beforeItWasApplied() throws InterruptedException {
    String app = app();
    assertThat(store().app()).isEmpty();
    assertThat(store().appState(app)).isEmpty();
    assertThat(store().guilds(app, 0, 10)).isEmpty();
    assertThat(store().records(app, List.of(GUILD))).containsExactly(GuildRecord.NONE);
    assertThat(store().get(app, List.of(key(EntityType.ROLE, 1))))
        .containsExactly(Optional.empty());
    assertThat(all(app, EntityType.ROLE)).isEmpty();
    assertThat(store().guildsOf(app, List.of(1L))).containsExactly(OptionalLong.empty());
  }

  @Test
  default void nothingAskedFor_isNothing() throws InterruptedException {
    String app = app();
    long leader = lead();
    assertThat(store().records(app, List.of())).isEmpty();
    assertThat(store().get(app, List.of())).isEmpty();
    assertThat(store().all(app, GUILD, List.of())).isEmpty();
    assertThat(store().guildsOf(app, List.of())).isEmpty();
    assertThat(store().apply(leader, app, List.of())).isEmpty();
    assertThat(store().apply(leader, app, List.of(new GuildChanges(GUILD, List.of())))).isEmpty();
    assertThat(store().guilds(app, 0, 10)).isEmpty();
  }

  @Test
  default void entity_isThereForEveryInstance_byteForByte() throws InterruptedException {
    var every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    String app = app();
    apply(app, new Put(EntityType.ROLE, GUILD + 1, Body.of(every)));
    var keys = List.of(key(EntityType.ROLE, GUILD + 1));
    assertThat(store().get(app, keys)).containsExactly(Optional.of(Body.of(every)));
    assertThat(another().get(app, keys)).containsExactly(Optional.of(Body.of(every)));
    assertThat(all(app, EntityType.ROLE)).containsExactly(Map.entry(GUILD + 1, Body.of(every)));
  }

  @Test
  default void everyType_isKeptApart() throws InterruptedException {
    String app = app();
    var puts = new ArrayList<Change>();
    for (EntityType type : EntityType.values()) {
      puts.add(new Put(type, GUILD, json(type.key())));
    }
    apply(app, puts.toArray(Change[]::new));
    Map<EntityType, SortedMap<Long, Body>> all =
        another().all(app, GUILD, List.of(EntityType.values()));
    assertThat(all).hasSize(EntityType.values().length);
    for (EntityType type : EntityType.values()) {
      assertThat(all.get(type)).containsExactly(Map.entry(GUILD, json(type.key())));
      assertThat(store().get(app, List.of(key(type, GUILD))))
          .containsExactly(Optional.of(json(type.key())));
    }
  }

  @Test
  default void entities_areGivenInTheOrderAskedFor() throws InterruptedException {
    String app = app();
    apply(
        app,
        put(EntityType.ROLE, 1),
        put(EntityType.ROLE, 3),
        put(EntityType.CHANNEL, 3),
        new Put(EntityType.GUILD, GUILD, json("guild")));
    List<Optional<Body>> found =
        store()
            .get(
                app,
                List.of(
                    key(EntityType.ROLE, 3),
                    new EntityKey(GUILD + 1, EntityType.ROLE, 1),
                    key(EntityType.GUILD, GUILD),
                    key(EntityType.ROLE, 2),
                    key(EntityType.CHANNEL, 3),
                    key(EntityType.ROLE, 1),
                    key(EntityType.ROLE, 3)));
    assertThat(found)
        .containsExactly(
            Optional.of(json("roles 3")),
            Optional.empty(),
            Optional.of(json("guild")),
            Optional.empty(),
            Optional.of(json("channels 3")),
            Optional.of(json("roles 1")),
            Optional.of(json("roles 3")));
  }

  @Test
  default void all_isByAscendingId_beyondWhatADoubleCounts() throws InterruptedException {
    String app = app();
    long[] ids = {GUILD + 2, 7, GUILD, GUILD + 1, 1_000, 999};
    apply(app, LongStream.of(ids).mapToObj(id -> put(EntityType.ROLE, id)).toArray(Change[]::new));
    assertThat(all(app, EntityType.ROLE).keySet())
        .containsExactly(7L, 999L, 1_000L, GUILD, GUILD + 1, GUILD + 2);
  }

  @Test
  default void laterPut_isInPlaceOfTheEarlier() throws InterruptedException {
    String app = app();
    apply(app, put(EntityType.ROLE, 1), new Put(EntityType.ROLE, 1, json("second")));
    assertThat(all(app, EntityType.ROLE)).containsExactly(Map.entry(1L, json("second")));
    apply(app, new Put(EntityType.ROLE, 1, json("third")));
    assertThat(all(app, EntityType.ROLE)).containsExactly(Map.entry(1L, json("third")));
  }

  @Test
  default void removedEntity_isGone_andOthersStay() throws InterruptedException {
    String app = app();
    apply(app, put(EntityType.ROLE, 1), put(EntityType.ROLE, 2), put(EntityType.EMOJI, 1));
    apply(app, new Remove(EntityType.ROLE, 1), new Remove(EntityType.STICKER, 1));
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(2L);
    assertThat(all(app, EntityType.EMOJI)).containsOnlyKeys(1L);
    assertThat(all(app, EntityType.STICKER)).isEmpty();

    apply(app, put(EntityType.ROLE, 3), new Remove(EntityType.ROLE, 3), put(EntityType.ROLE, 1));
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(1L, 2L);
  }

  @Test
  default void guildItself_canBeRemoved() throws InterruptedException {
    String app = app();
    apply(app, new Put(EntityType.GUILD, GUILD, json("guild")), put(EntityType.ROLE, 1));
    apply(app, new Remove(EntityType.GUILD, GUILD));
    assertThat(all(app, EntityType.GUILD)).isEmpty();
    assertThat(all(app, EntityType.ROLE)).hasSize(1);
  }

  @Test
  default void replacedType_hasExactlyWhatIsListed() throws InterruptedException {
    String app = app();
    apply(app, put(EntityType.ROLE, 1), put(EntityType.ROLE, 2), put(EntityType.EMOJI, 1));
    apply(app, replace(EntityType.ROLE, 2, 3));
    assertThat(all(app, EntityType.ROLE))
        .containsExactly(Map.entry(2L, json("roles 2")), Map.entry(3L, json("roles 3")));
    assertThat(all(app, EntityType.EMOJI)).hasSize(1);

    apply(app, replace(EntityType.ROLE), put(EntityType.ROLE, 9));
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(9L);
    apply(app, put(EntityType.ROLE, 10), replace(EntityType.ROLE));
    assertThat(all(app, EntityType.ROLE)).isEmpty();
  }

  @Test
  default void manyOfAType_areKept() throws InterruptedException {
    String app = app();
    long[] ids = LongStream.range(0, 5_000).map(i -> GUILD + i).toArray();
    apply(app, replace(EntityType.MEMBER, ids));
    assertThat(all(app, EntityType.MEMBER)).hasSize(5_000);
    var puts = LongStream.of(ids).limit(1_000).map(id -> id + 4_500);
    apply(app, puts.mapToObj(id -> put(EntityType.MEMBER, id)).toArray(Change[]::new));
    SortedMap<Long, Body> all = all(app, EntityType.MEMBER);
    assertThat(all).hasSize(5_500);
    assertThat(all.get(GUILD + 5_499)).isEqualTo(json("members " + (GUILD + 5_499)));
    List<EntityKey> keys = all.keySet().stream().map(id -> key(EntityType.MEMBER, id)).toList();
    assertThat(store().get(app, keys)).doesNotContain(Optional.empty());
    var removes = LongStream.of(ids).mapToObj(id -> (Change) new Remove(EntityType.MEMBER, id));
    apply(app, removes.toArray(Change[]::new));
    assertThat(all(app, EntityType.MEMBER)).hasSize(500);
  }

  @Test
  default void droppedGuild_leavesNothingBehind() throws InterruptedException {
    String app = app();
    var puts = new ArrayList<Change>();
    for (EntityType type : EntityType.values()) {
      puts.add(new Put(type, GUILD, json(type.key())));
    }
    puts.add(new Bury(new Burial(EntityType.ROLE, 9), later()));
    puts.add(new Note(state()));
    apply(app, puts.toArray(Change[]::new));
    apply(app, GUILD + 1, put(EntityType.CHANNEL, 5), new Note(state()));

    apply(app, new Drop());
    for (EntityType type : EntityType.values()) {
      assertThat(all(app, type)).as(type.key()).isEmpty();
    }
    assertThat(another().records(app, List.of(GUILD))).containsExactly(GuildRecord.NONE);
    assertThat(another().guilds(app, 0, 10)).containsExactly(GUILD + 1);
    assertThat(another().guildsOf(app, List.of(GUILD, 5L)))
        .containsExactly(OptionalLong.empty(), OptionalLong.of(GUILD + 1));
    apply(app, new Drop());
    assertThat(another().guilds(app, 0, 10)).hasSize(1);
  }

  @Test
  default void guildDroppedAndToldAgain_hasOnlyWhatCameAfter() throws InterruptedException {
    String app = app();
    apply(app, put(EntityType.CHANNEL, 1), put(EntityType.CHANNEL, 2), put(EntityType.ROLE, 1));
    apply(app, put(EntityType.ROLE, 2), new Drop(), put(EntityType.CHANNEL, 2), new Note(state()));
    assertThat(all(app, EntityType.CHANNEL)).containsOnlyKeys(2L);
    assertThat(all(app, EntityType.ROLE)).isEmpty();
    assertThat(record(app).state()).isEqualTo(state());
    assertThat(store().guilds(app, 0, 10)).containsExactly(GUILD);
    assertThat(store().guildsOf(app, List.of(1L, 2L)))
        .containsExactly(OptionalLong.empty(), OptionalLong.of(GUILD));
  }

  @Test
  default void changesOfSeveralGuilds_areAppliedInTheirOrder() throws InterruptedException {
    String app = app();
    store()
        .apply(
            lead(),
            app,
            List.of(
                new GuildChanges(GUILD, List.of(put(EntityType.ROLE, 1), put(EntityType.ROLE, 2))),
                new GuildChanges(GUILD + 1, List.of(put(EntityType.ROLE, 3), new Note(state()))),
                new GuildChanges(GUILD, List.of(new Remove(EntityType.ROLE, 1))),
                new GuildChanges(GUILD + 2, List.of(put(EntityType.CHANNEL, 8))),
                new GuildChanges(GUILD + 2, List.of(new Drop())),
                new GuildChanges(GUILD + 3, List.of(new Drop())),
                new GuildChanges(GUILD + 3, List.of(put(EntityType.CHANNEL, 9)))));
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(2L);
    assertThat(store().guilds(app, 0, 10)).containsExactly(GUILD, GUILD + 1, GUILD + 3);
    assertThat(store().guildsOf(app, List.of(8L, 9L)))
        .containsExactly(OptionalLong.empty(), OptionalLong.of(GUILD + 3));
    assertThat(store().records(app, List.of(GUILD + 1, GUILD, GUILD + 1)))
        .extracting(GuildRecord::state)
        .containsExactly(state(), GuildState.UNKNOWN, state());
  }

  @Test
  default void state_isKeptAsAWhole() throws InterruptedException {
    String app = app();
    apply(app, new Note(state()));
    assertThat(another().records(app, List.of(GUILD)))
        .containsExactly(new GuildRecord(state(), Map.of()));
    assertThat(store().guilds(app, 0, 10)).containsExactly(GUILD);

    var other =
        new GuildState(Standing.AVAILABLE, 5, 6, false, true, Map.of(EntityType.EMOJI, 1_000_000));
    apply(app, new Note(state()), new Note(other));
    assertThat(record(app).state()).isEqualTo(other);
    apply(app, put(EntityType.ROLE, 1));
    assertThat(record(app).state()).as("not told anew").isEqualTo(other);
  }

  @Test
  default void burial_staysUntilItIsUndone_whateverTheClockSays() throws InterruptedException {
    String app = app();
    var longAgo = new Burial(EntityType.CHANNEL, GUILD + 1);
    var later = new Burial(EntityType.ROLE, GUILD + 1);
    long before = now().toEpochMilli() - 3_600_000;
    long after = later();
    apply(app, new Bury(longAgo, before), new Bury(later, after));
    assertThat(record(app).buried()).isEqualTo(Map.of(longAgo, before, later, after));
    assertThat(store().guilds(app, 0, 10)).as("nothing of it is known").isEmpty();

    pass(Duration.ofMillis(50));
    apply(app, new Note(state()));
    assertThat(another().records(app, List.of(GUILD)).getFirst().buried()).hasSize(2);
    apply(app, new Unbury(longAgo), new Unbury(later), new Bury(later, after + 1));
    assertThat(record(app).buried()).isEqualTo(Map.of(later, after + 1));
    apply(app, new Bury(longAgo, before), new Unbury(longAgo), new Unbury(later));
    assertThat(record(app).buried()).isEmpty();
  }

  @Test
  default void limitedType_isGoneWhenItsTimeIsOver_andNothingElse() throws InterruptedException {
    String app = app();
    // Long enough that no slow machine reaches its end before the next call.
    apply(app, put(EntityType.MEMBER, 1), put(EntityType.ROLE, 1), limit(EntityType.MEMBER, 2_000));
    apply(app, put(EntityType.MEMBER, 2), limit(EntityType.MEMBER, 60_000));
    assertThat(all(app, EntityType.MEMBER)).containsOnlyKeys(1L, 2L);

    pass(Duration.ofMillis(2_050));
    assertThat(all(app, EntityType.MEMBER)).as("by the time of the first").isEmpty();
    assertThat(store().get(app, List.of(key(EntityType.MEMBER, 2))))
        .containsExactly(Optional.empty());
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(1L);

    apply(app, put(EntityType.MEMBER, 3));
    assertThat(all(app, EntityType.MEMBER)).as("anew").containsOnlyKeys(3L);
  }

  @Test
  default void replacedType_beginsItsTimeAnew() throws InterruptedException {
    String app = app();
    apply(app, put(EntityType.MEMBER, 1), limit(EntityType.MEMBER, 300));
    apply(app, replace(EntityType.MEMBER, 2), limit(EntityType.MEMBER, 60_000));
    pass(Duration.ofMillis(350));
    assertThat(all(app, EntityType.MEMBER)).containsOnlyKeys(2L);
    apply(app, put(EntityType.MEMBER, 3), limit(EntityType.MEMBER, 50));
    pass(Duration.ofMillis(100));
    assertThat(all(app, EntityType.MEMBER)).as("a shorter time counts").isEmpty();
  }

  @Test
  default void guilds_areListedInPages() throws InterruptedException {
    String app = app();
    long leader = lead();
    var expected = new ArrayList<Long>(List.of(1L, 999L, 1_000L));
    LongStream.range(0, 400).forEach(i -> expected.add(GUILD + i));
    var changes = new ArrayList<GuildChanges>();
    expected.reversed().forEach(id -> changes.add(new GuildChanges(id, List.of(note()))));
    store().apply(leader, app, changes);

    var found = new ArrayList<Long>();
    List<Long> page = another().guilds(app, 0, 50);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(50);
      found.addAll(page);
      page = another().guilds(app, page.getLast(), 50);
    }
    assertThat(found).isEqualTo(expected);
    assertThat(another().guilds(app, GUILD + 1, 2)).containsExactly(GUILD + 2, GUILD + 3);
  }

  @Test
  default void guildOfAChannel_isKnownAsLongAsItIsThere() throws InterruptedException {
    String app = app();
    apply(app, replace(EntityType.CHANNEL, 1, 2), replace(EntityType.THREAD, 3, 4));
    apply(app, GUILD + 1, put(EntityType.CHANNEL, 5), put(EntityType.ROLE, 6));
    apply(
        app, put(EntityType.THREAD, 7), put(EntityType.STAGE, 5), put(EntityType.CHANNEL_INFO, 6));
    assertThat(another().guildsOf(app, List.of(7L, 5L, 6L, 1L, 3L, 1L)))
        .containsExactly(
            OptionalLong.of(GUILD),
            OptionalLong.of(GUILD + 1),
            OptionalLong.empty(),
            OptionalLong.of(GUILD),
            OptionalLong.of(GUILD),
            OptionalLong.of(GUILD));

    apply(app, new Remove(EntityType.CHANNEL, 1), new Remove(EntityType.THREAD, 7));
    apply(app, replace(EntityType.THREAD, 4, 8), new Remove(EntityType.STAGE, 5));
    assertThat(another().guildsOf(app, List.of(1L, 7L, 3L))).containsOnly(OptionalLong.empty());
    assertThat(another().guildsOf(app, List.of(2L, 4L, 8L))).containsOnly(OptionalLong.of(GUILD));
    assertThat(another().guildsOf(app, List.of(5L))).containsExactly(OptionalLong.of(GUILD + 1));

    apply(app, put(EntityType.CHANNEL, 10), replace(EntityType.CHANNEL, 2, 10, 11));
    apply(app, replace(EntityType.THREAD, 12, 4), replace(EntityType.THREAD, 4, 12));
    apply(app, new Remove(EntityType.CHANNEL, 11), put(EntityType.CHANNEL, 11));
    assertThat(another().guildsOf(app, List.of(2L, 10L, 11L, 4L, 12L)))
        .containsOnly(OptionalLong.of(GUILD));
    assertThat(another().guildsOf(app, List.of(8L))).containsExactly(OptionalLong.empty());

    apply(app, new Drop());
    assertThat(another().guildsOf(app, List.of(2L, 4L, 8L))).containsOnly(OptionalLong.empty());
  }

  @Test
  default void applications_areApart() throws InterruptedException {
    String app = app();
    String other = app();
    apply(app, put(EntityType.CHANNEL, 1), new Note(state()));
    apply(other, new Put(EntityType.CHANNEL, 1, json("other")));
    assertThat(all(app, EntityType.CHANNEL)).containsExactly(Map.entry(1L, json("channels 1")));
    assertThat(all(other, EntityType.CHANNEL)).containsExactly(Map.entry(1L, json("other")));
    apply(other, new Drop());
    assertThat(all(app, EntityType.CHANNEL)).hasSize(1);
    assertThat(record(app).state()).isEqualTo(state());
    assertThat(store().guilds(app, 0, 1)).hasSize(1);
    assertThat(store().guildsOf(app, List.of(1L))).containsExactly(OptionalLong.of(GUILD));
  }

  @Test
  default void leader_keepsItsNumberAsLongAsItLeads() throws InterruptedException {
    long leader = store().lead(LONG).orElseThrow();
    assertThat(store().lead(LONG)).hasValue(leader);
    if (store().reach() == Reach.ALL_INSTANCES) {
      assertThat(another().lead(LONG)).isEmpty();
      another().resign();
    }
    assertThat(store().lead(LONG)).hasValue(leader);
  }

  @Test
  default void leaderWhoResigned_makesRoomForAnother() throws InterruptedException {
    long leader = store().lead(LONG).orElseThrow();
    store().resign();
    long next = another().lead(LONG).orElseThrow();
    assertThat(next).isGreaterThan(leader);
    another().resign();
    assertThat(store().lead(LONG).orElseThrow()).isGreaterThan(next);
  }

  @Test
  default void leaderWhoseLeaseIsOver_isFollowedByAnother() throws InterruptedException {
    if (store().reach() == Reach.THIS_INSTANCE) {
      return;
    }
    long leader = store().lead(Duration.ofMillis(300)).orElseThrow();
    pass(Duration.ofMillis(200));
    assertThat(store().lead(Duration.ofMillis(300))).hasValue(leader);
    pass(Duration.ofMillis(200));
    assertThat(another().lead(LONG)).as("it was renewed").isEmpty();
    pass(Duration.ofMillis(200));
    assertThat(another().lead(LONG).orElseThrow()).isGreaterThan(leader);
    assertThat(store().lead(LONG)).isEmpty();
  }

  @Test
  default void staleLeader_isRefused_andChangesNothing() throws InterruptedException {
    String app = app();
    long stale = store().lead(LONG).orElseThrow();
    store().apply(stale, app, List.of(new GuildChanges(GUILD, List.of(put(EntityType.ROLE, 1)))));
    store().resign();
    long leader = another().lead(LONG).orElseThrow();

    var changes =
        List.of(
            new GuildChanges(GUILD, List.of(replace(EntityType.ROLE, 5), new Note(state()))),
            new GuildChanges(GUILD + 1, List.of(put(EntityType.CHANNEL, 9))));
    assertThatExceptionOfType(StaleLeaderException.class)
        .isThrownBy(() -> store().apply(stale, app, changes));
    assertThatExceptionOfType(StaleLeaderException.class)
        .isThrownBy(() -> store().keep(stale, app, appState(1)));
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(1L);
    assertThat(record(app)).isEqualTo(GuildRecord.NONE);
    assertThat(store().guilds(app, 0, 10)).containsExactly(GUILD);
    assertThat(store().guildsOf(app, List.of(9L))).containsExactly(OptionalLong.empty());
    assertThat(store().app()).isEmpty();

    another().apply(leader, app, changes);
    assertThat(all(app, EntityType.ROLE)).containsOnlyKeys(5L);
  }

  @Test
  default void whatIsKnownOfTheBot_isKept() throws InterruptedException {
    String app = app();
    long leader = lead();
    store().keep(leader, app, appState(1));
    assertThat(another().app()).hasValue(app);
    assertThat(another().appState(app)).hasValue(appState(1));
    store().keep(leader, app, appState(2));
    assertThat(another().appState(app)).hasValue(appState(2));

    String other = app();
    assertThat(another().appState(other)).isEmpty();
    store().keep(leader, other, appState(3));
    assertThat(another().app()).as("told last").hasValue(other);
    assertThat(another().appState(app)).hasValue(appState(2));
  }

  @Test
  default void usage_countsWhatIsHeld() throws InterruptedException {
    String app = app();
    assertThat(store().usage(app).values()).allMatch(usage -> usage.entities() == 0);
    apply(app, replace(EntityType.ROLE, 1, 2, 3), put(EntityType.CHANNEL, 1));
    apply(app, GUILD + 1, replace(EntityType.ROLE, 4, 5), new Put(EntityType.GUILD, 1, json("g")));
    Map<EntityType, Usage> usage = another().usage(app);
    assertThat(usage.get(EntityType.ROLE).entities()).isEqualTo(5);
    assertThat(usage.get(EntityType.ROLE).bytes()).isBetween(5L * 7, 5L * 200);
    assertThat(usage.get(EntityType.CHANNEL).entities()).isEqualTo(1);
    assertThat(usage.get(EntityType.GUILD).entities()).isEqualTo(1);

    apply(app, replace(EntityType.ROLE, 1), new Remove(EntityType.CHANNEL, 1));
    apply(app, GUILD + 1, new Drop());
    usage = another().usage(app);
    assertThat(usage.get(EntityType.ROLE).entities()).isEqualTo(1);
    assertThat(usage.getOrDefault(EntityType.CHANNEL, new Usage(0, 0)).entities()).isZero();
    assertThat(usage.getOrDefault(EntityType.GUILD, new Usage(0, 0)).entities()).isZero();
  }

  @Test
  default void fullStore_takesInNoNewGuild_andEvictsNone() throws InterruptedException {
    long room = 100_000;
    Optional<EntityStore> bounded = withRoomFor(room);
    if (bounded.isEmpty()) {
      NotPromised.by(this, "what all entities take together is not for it to bound");
    }
    String app = app();
    Body large = Body.of(new byte[4_000]);
    try (EntityStore store = bounded.get()) {
      long leader = store.lead(LONG).orElseThrow();
      var changes = new ArrayList<GuildChanges>();
      for (int i = 0; i < 40; i++) {
        changes.add(
            new GuildChanges(
                GUILD + i, List.of(new Put(EntityType.CHANNEL, 100 + i, large), note())));
      }
      List<Long> refused = store.apply(leader, app, changes);
      assertThat(refused).hasSizeBetween(15, 25);
      List<Long> held = store.guilds(app, 0, 100);
      assertThat(held).hasSize(40 - refused.size()).doesNotContainAnyElementsOf(refused);
      long last = refused.getLast();
      assertThat(store.records(app, List.of(last))).containsExactly(GuildRecord.NONE);
      assertThat(store.guildsOf(app, List.of(100 + last - GUILD)))
          .containsExactly(OptionalLong.empty());

      var grown = new GuildChanges(held.getFirst(), List.of(new Put(EntityType.ROLE, 1, large)));
      var dropped = new GuildChanges(last, List.of(new Drop()));
      assertThat(store.apply(leader, app, List.of(grown, dropped))).as("taken in before").isEmpty();
      assertThat(store.guilds(app, 0, 100)).isEqualTo(held);

      var drops = held.stream().map(id -> new GuildChanges(id, List.of(new Drop()))).toList();
      store.apply(leader, app, drops);
      assertThat(store.apply(leader, app, changes.subList(20, 40))).as("room again").isEmpty();
    }
  }

  @Test
  default void reader_seesAllOfAGuildsChangesOrNone() throws Exception {
    String app = app();
    long leader = lead();
    var written = new AtomicBoolean();
    var types = List.of(EntityType.ROLE, EntityType.CHANNEL, EntityType.MEMBER);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var readers = new ArrayList<Future<Integer>>();
      for (EntityStore one : List.of(store(), another())) {
        readers.add(threads.submit(() -> readUntil(written, one, app, types)));
      }
      try {
        for (int i = 0; i < 200; i++) {
          Body json = json("generation " + i);
          var changes = new ArrayList<Change>();
          for (EntityType type : types) {
            changes.add(new ReplaceAll(type, sorted(json, 1 + i % 3, 5, 6)));
          }
          store().apply(leader, app, List.of(new GuildChanges(GUILD, changes)));
        }
      } finally {
        written.set(true);
      }
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  @Test
  default void close_mayBeRepeated() {
    store().close();
    store().close();
  }

  private static int readUntil(
      AtomicBoolean written, EntityStore store, String app, List<EntityType> types)
      throws InterruptedException {
    int reads = 0;
    while (!written.get() || reads == 0) {
      Map<EntityType, SortedMap<Long, Body>> all = store.all(app, GUILD, types);
      List<Body> bodies = all.values().stream().flatMap(of -> of.values().stream()).toList();
      assertThat(bodies.stream().distinct().count()).isLessThanOrEqualTo(1);
      assertThat(bodies.size()).isIn(0, 9);
      reads++;
    }
    return reads;
  }

  private long lead() throws InterruptedException {
    return store().lead(LONG).orElseThrow();
  }

  private void apply(String app, Change... changes) throws InterruptedException {
    apply(app, GUILD, changes);
  }

  private void apply(String app, long guild, Change... changes) throws InterruptedException {
    var applied = List.of(new GuildChanges(guild, Arrays.asList(changes)));
    assertThat(store().apply(lead(), app, applied)).isEmpty();
  }

  private SortedMap<Long, Body> all(String app, EntityType type) throws InterruptedException {
    Map<EntityType, SortedMap<Long, Body>> all = another().all(app, GUILD, List.of(type));
    assertThat(all).containsOnlyKeys(type);
    return all.get(type);
  }

  private GuildRecord record(String app) throws InterruptedException {
    return store().records(app, List.of(GUILD)).getFirst();
  }

  private long later() {
    return now().plus(LONG).toEpochMilli();
  }

  private static EntityKey key(EntityType type, long id) {
    return new EntityKey(GUILD, type, id);
  }

  private static Change put(EntityType type, long id) {
    return new Put(type, id, json(type.key() + " " + id));
  }

  private static Change replace(EntityType type, long... ids) {
    var entities = new TreeMap<Long, Body>();
    for (long id : ids) {
      entities.put(id, json(type.key() + " " + id));
    }
    return new ReplaceAll(type, entities);
  }

  private static SortedMap<Long, Body> sorted(Body json, long... ids) {
    var entities = new TreeMap<Long, Body>();
    LongStream.of(ids).forEach(id -> entities.put(id, json));
    return entities;
  }

  private static Change limit(EntityType type, long millis) {
    return new Limit(type, Duration.ofMillis(millis));
  }

  private static Change note() {
    return new Note(state());
  }

  private static GuildState state() {
    var counts = Map.of(EntityType.ROLE, 25, EntityType.CHANNEL, 0, EntityType.MEMBER, 250_000);
    return new GuildState(Standing.UNAVAILABLE, 1_700_000_000_001L, 3, true, false, counts);
  }

  private static AppState appState(int number) {
    return new AppState(
        json("self " + number),
        GUILD + number,
        10 * number,
        1_700_000_000_000L,
        Set.of(EntityType.ROLE));
  }

  private static Body json(String name) {
    return Body.of("\"" + name + "\"");
  }

  private static String app() {
    return Long.toString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 62));
  }
}
