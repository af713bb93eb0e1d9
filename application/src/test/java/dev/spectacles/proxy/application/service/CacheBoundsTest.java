package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that is slow, with a patience that is longer than any test here takes. */
@Timeout(60)
class CacheBoundsTest {
  private static final String ROLES = "/guilds/1/roles";

  /** Calls to the store at a time. */
  private static final int AT_ONCE = 64;

  private final RealClock clock = new RealClock();
  private final ScriptedTags tags = new ScriptedTags(clock);
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CachedProxy proxy =
      new CachedProxy(clock, store, tags, CachedProxy.SETTINGS, ProxyEvents.NOOP, discord);

  @AfterEach
  void close() {
    gate.countDown();
    proxy.close();
  }

  @Test
  void deadline_isNotSpentOnALookup() throws Exception {
    store.beforeGet = this::held;
    assertBypassSoon(ROLES);
    gate.countDown();
    assertThat(status(proxy.get(ROLES))).as("not the store's fault").contains("stored");
  }

  @Test
  void deadline_isNotSpentOnTheTags() throws Exception {
    tags.beforeRead = this::held;
    assertBypassSoon(ROLES);
  }

  @Test
  void deadline_isNotSpentOnWaitingForTheStore() throws Exception {
    List<Running<ProxyResponse.Http>> others = occupyTheStore();
    assertBypassSoon(ROLES);
    gate.countDown();
    for (Running<ProxyResponse.Http> other : others) {
      assertThat(status(other.get())).contains("fwd=uri-miss");
    }
  }

  @Test
  void deadline_isNotSpentOnStoring() throws Exception {
    store.beforePut = this::held;
    long start = System.nanoTime();
    var answer = (ProxyResponse.Http) proxy.ask("GET", ROLES, soon());
    assertThat(answer.code()).isEqualTo(200);
    assertThat(status(answer)).doesNotContain("stored");
    assertSoon(start);
  }

  @Test
  void answer_doesNotWaitForItsTurnToBeStored() throws Exception {
    proxy.get("/guilds/2/roles");
    var asked = new HeldAnswer(any -> ScriptedDiscord.answer(200, Map.of(), "[1]"));
    discord.then(asked);
    Running<ProxyResponse.Http> leader = proxy.getting(ROLES);
    asked.awaitAsked();
    List<Running<ProxyResponse.Http>> others = occupyTheStore();
    long start = System.nanoTime();
    asked.give();
    assertThat(status(leader.get())).contains("fwd=uri-miss").doesNotContain("stored");
    assertSoon(start);
    gate.countDown();
    for (Running<ProxyResponse.Http> other : others) {
      other.get();
    }
  }

  @Test
  void secret_isNotAskedForByAllWhoComeFirst() throws Exception {
    tags.beforeRead = this::held;
    var running = new ArrayList<Running<ProxyResponse.Http>>();
    for (int i = 0; i < 3 * AT_ONCE; i++) {
      running.add(proxy.getting("/guilds/" + (100 + i) + "/roles"));
    }
    running.forEach(Running::awaitBlocked);
    Running.awaitUntil(() -> tags.secrets.get() == AT_ONCE);
    gate.countDown();
    for (Running<ProxyResponse.Http> each : running) {
      assertThat(each.get().code()).isEqualTo(200);
    }
    assertThat(tags.secrets).hasValue(AT_ONCE);
  }

  /** Requests whose look-ups are all that the store is asked at a time. */
  private List<Running<ProxyResponse.Http>> occupyTheStore() throws InterruptedException {
    if (discord.sent.isEmpty()) {
      proxy.get("/guilds/2/roles");
    }
    store.calls.set(0);
    store.beforeGet = this::held;
    var running = new ArrayList<Running<ProxyResponse.Http>>();
    for (int i = 0; i < AT_ONCE; i++) {
      running.add(proxy.getting("/guilds/" + (100 + i) + "/roles"));
    }
    Running.awaitUntil(() -> store.calls.get() == AT_ONCE);
    return running;
  }

  private void assertBypassSoon(String path) throws InterruptedException {
    long start = System.nanoTime();
    var answer = (ProxyResponse.Http) proxy.ask("GET", path, soon());
    assertThat(status(answer)).isEqualTo("spectacles; fwd=bypass; detail=rest");
    assertSoon(start);
  }

  private static void assertSoon(long start) {
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMillis(200), clock.nanoTime());
  }

  private void held() throws InterruptedException {
    assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
