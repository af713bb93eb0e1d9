package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.InMemoryResponseStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a write through any instance does to the answers of all. */
@Timeout(60)
class CacheWritesTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final Map<String, String> OTHER = Map.of("authorization", "Bot two");
  private static final Map<String, String> GATED =
      Map.of("authorization", "Bot one", "x-gated", "yes");
  private static final Duration SETTLED = Duration.ofMillis(250);

  private final ManualClock clock = new ManualClock();
  private final ScriptedTags tags = new ScriptedTags(clock);
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final ScriptedDiscord discord = new ScriptedDiscord().otherwise(this::answer);
  private final CachedProxy here = instance(store);
  private final CachedProxy there = instance(new InMemoryResponseStore(clock));
  private volatile String roles = "old";

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @Test
  void write_byAnotherTokenOnAnotherInstance_makesTheAnswerInvalid() throws Exception {
    assertThat(here.get(ROLES).body().utf8()).isEqualTo("old");
    write(there);
    assertThat(here.get(ROLES).body().utf8()).isEqualTo("new");
    assertThat(Running.next(tags.bumped)).contains("g:1:roles", "uri:/guilds/1/roles/2");
    assertThat(Running.next(tags.bumped)).contains("g:1:roles", "uri:/guilds/1/roles/2");
  }

  @Test
  void write_thatAnInstanceMayHaveSentBeforeItWentAway_makesTheAnswerInvalid() throws Exception {
    here.get(ROLES);
    there.takeOver(CachedProxy.request("PATCH", ROLES + "/2", OTHER));
    assertThat(status(here.get(ROLES))).doesNotContain("hit");
    assertThat(discord.sent).as("both GETs, and no PATCH").hasSize(2);
  }

  @Test
  void write_ofAnotherGuild_changesNothing() throws Exception {
    here.get(ROLES);
    there.ask(CachedProxy.request("PATCH", "/guilds/3/roles/2", OTHER), Deadline.none());
    assertThat(status(here.get(ROLES))).contains("hit");
  }

  @Test
  void answer_shortlyAfterAWrite_isNotStored() throws Exception {
    writeAndSettle(there);
    pass(SETTLED.minusMillis(1));
    assertThat(status(here.get(ROLES))).doesNotContain("stored");
    pass(Duration.ofMillis(1));
    assertThat(status(here.get(ROLES))).contains("fwd=uri-miss", "stored");
    assertThat(status(here.get(ROLES))).contains("hit");
  }

  @Test
  void answer_toARequestThatWaitedUntilAllWasSettled_isStored() throws Exception {
    try (CachedProxy limited = limitedFor(SETTLED.minusMillis(100))) {
      writeAndSettle(there);
      pass(Duration.ofMillis(100));
      assertThat(status(limited.get(ROLES))).contains("stored");
    }
    try (CachedProxy limited = limitedFor(SETTLED.minusMillis(101))) {
      writeAndSettle(there);
      pass(Duration.ofMillis(100));
      assertThat(status(limited.get(ROLES))).doesNotContain("stored");
    }
  }

  @ParameterizedTest
  @EnumSource(DiscordException.Kind.class)
  void write_ofUnknownOutcome_makesTheAnswerInvalid(DiscordException.Kind kind) throws Exception {
    here.get(ROLES);
    discord.fails(kind);
    there.ask(CachedProxy.request("PATCH", ROLES + "/2", OTHER), Deadline.none());
    int times = kind == DiscordException.Kind.NOT_SENT ? 1 : 2;
    for (int i = 0; i < times; i++) {
      assertThat(Running.next(tags.bumped)).contains("g:1:roles");
    }
    assertThat(here.get(ROLES).body().utf8()).isEqualTo("old");
    assertThat(discord.sent).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 2", "204, 2", "302, 2", "400, 1", "403, 1", "404, 1", "500, 2", "503, 1", "504, 2"
  })
  void write_isToldWhenSent_andAgainIfItMayHaveChangedAnything(int code, int times)
      throws Exception {
    var held = new HeldAnswer(any -> ScriptedDiscord.answer(code, Map.of(), "{}"));
    discord.then(held);
    Running<ProxyResponse> write = Running.start(() -> here.ask("PATCH", ROLES + "/2"));
    held.awaitAsked();
    Running.awaitUntil(() -> tags.bumped.size() == 1);
    held.give();
    write.get();
    assertThat(tags.bumped).hasSize(times);
  }

  @Test
  void write_thatIsInterrupted_isToldAgain() throws Exception {
    var held = new HeldAnswer(this::answer);
    discord.then(held);
    Running<ProxyResponse> write = Running.start(() -> here.ask("PATCH", ROLES + "/2"));
    held.awaitAsked();
    Running.awaitUntil(() -> tags.bumped.size() == 1);
    write.interrupt();
    assertThat(write.failure()).isInstanceOf(InterruptedException.class);
    Running.awaitUntil(() -> tags.bumped.size() == 2);
  }

  /** l, s, a and p: a GET is looked up, sent, answered, and its answer put into the store. */
  static Stream<String> orders() {
    // S, A, R and C: a PATCH is sent, applied, its answer returned, and had by its caller.
    return Sequence.interleavings("lsap", "SARC").stream();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void get_inFlightDuringAWrite_isNeverGivenOutAfterIt(String order) throws Exception {
    for (CachedProxy writer : List.of(here, there)) {
      roles = "old";
      var sequence = new Sequence(order);
      onFirst('l', sequence, step -> store.afterGet = step);
      onFirst('p', sequence, step -> store.beforePut = step);
      discord.otherwise(request -> answer(request, sequence));
      Running<ProxyResponse.Http> get =
          Running.start(
              () -> {
                ProxyResponse.Http answer = here.get(ROLES, GATED);
                sequence.leaveOut("lsap");
                return answer;
              });
      Running<Boolean> write =
          Running.start(
              () -> {
                write(writer);
                sequence.reach('C');
                return seesTheWrite();
              });
      assertThat(write.get()).as("right after the write").isTrue();
      get.get();
      assertThat(seesTheWrite()).as("after both").isTrue();
      // One when it was sent, one before its answer.
      assertThat(List.of(Running.next(tags.bumped), Running.next(tags.bumped)))
          .allSatisfy(bumped -> assertThat(bumped).contains("g:1:roles"));
      pass(Duration.ofSeconds(1));
      assertThat(seesTheWrite()).as("when all is settled").isTrue();
      assertThat(status(here.get(ROLES))).contains("hit");
      pass(Duration.ofHours(1));
    }
  }

  private boolean seesTheWrite() throws InterruptedException {
    return here.get(ROLES).body().utf8().equals("new")
        && there.get(ROLES).body().utf8().equals("new");
  }

  private static void onFirst(
      char step, Sequence sequence, Consumer<ScriptedResponseStore.Step> at) {
    var first = new AtomicBoolean(true);
    at.accept(
        () -> {
          if (first.getAndSet(false)) {
            sequence.reach(step);
          }
        });
  }

  private ProxyResponse.Http answer(ProxyRequest request, Sequence sequence)
      throws InterruptedException {
    if (request.method().is("PATCH")) {
      sequence.reach('S');
      sequence.reach('A');
      ProxyResponse.Http answer = answer(request);
      sequence.reach('R');
      return answer;
    }
    boolean gated = request.headers().contains("x-gated");
    if (gated) {
      sequence.reach('s');
    }
    ProxyResponse.Http answer = answer(request);
    if (gated) {
      sequence.reach('a');
    }
    return answer;
  }

  private ProxyResponse.Http answer(ProxyRequest request) {
    if (request.method().is("PATCH")) {
      roles = "new";
    }
    return ScriptedDiscord.answer(200, Map.of(), roles);
  }

  /** Returns when both of its bumps are through. */
  private void writeAndSettle(CachedProxy proxy) throws InterruptedException {
    write(proxy);
    Running.next(tags.bumped);
    Running.next(tags.bumped);
  }

  private static void write(CachedProxy proxy) throws InterruptedException {
    proxy.ask(CachedProxy.request("PATCH", ROLES + "/2", OTHER), Deadline.none());
  }

  private CachedProxy instance(ResponseStore answers) {
    return new CachedProxy(clock, answers, tags, CachedProxy.SETTINGS, ProxyEvents.NOOP, discord);
  }

  /** Instance whose requests wait this long for their turn. */
  private CachedProxy limitedFor(Duration wait) {
    return new CachedProxy(
        clock,
        new InMemoryResponseStore(clock),
        tags,
        CachedProxy.SETTINGS,
        ProxyEvents.NOOP,
        discord,
        api ->
            (request, route, deadline, marker) -> {
              clock.advance(wait);
              marker.sending();
              return answer(request);
            });
  }

  private void pass(Duration time) {
    clock.advance(time);
  }
}
