package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.service.CachedProxy.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.StaleLimits;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to the cache itself. */
@Timeout(60)
class CacheAdminTest {
  private static final String ROLES = "/guilds/1/roles";
  private static final String CHANNELS = "/guilds/1/channels";

  private final ManualClock clock = new ManualClock();
  private final ScriptedTags tags = new ScriptedTags(clock);
  private final ScriptedResponseStore store = new ScriptedResponseStore(clock);
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final CachedProxy proxy =
      new CachedProxy(
          new GatedClock(clock),
          store,
          tags,
          CachedProxy.settings(StaleLimits.DEFAULT, Duration.ofMillis(200)),
          ProxyEvents.NOOP,
          discord);

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void stats_tellWhatIsHeldAndWhereAnswersCameFrom() throws Exception {
    proxy.get(ROLES);
    proxy.get(ROLES);
    proxy.get(ROLES);
    proxy.get("/users/@me/guilds");
    proxy.get(ROLES, "cache-control", "only-if-cached, max-age=0");
    ProxyResponse.Http stats = proxy.get("/@cache/stats");
    assertThat(stats.code()).isEqualTo(200);
    assertThat(stats.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(stats.body().utf8())
        .isEqualTo(
            "{\"rest\":{\"store\":\"test\",\"entries\":1,\"bytes\":8,\"answers\":"
                + "{\"origin\":2,\"coalesced\":0,\"rest\":3,\"stale\":0,\"negative\":0,"
                + "\"gateway\":0}}}");
    assertThat(discord.sent).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stats_ofAStoreThatDoesNotTell_areThoseOfTheInstance(boolean hangs) throws Exception {
    store.beforeGet =
        () -> {
          if (hangs) {
            assertThat(new CountDownLatch(1).await(30, TimeUnit.SECONDS)).isTrue();
          }
          throw new StoreException("the store is away");
        };
    proxy.get(ROLES);
    ProxyResponse.Http stats = proxy.getting("/@cache/stats").get();
    assertThat(stats.code()).isEqualTo(200);
    assertThat(stats.body().utf8())
        .startsWith(
            "{\"rest\":{\"store\":\"test\",\"entries\":null,\"bytes\":null,\"answers\":"
                + "{\"origin\":1,");
  }

  @Test
  void purge_makesAllInvalid() throws Exception {
    proxy.get(ROLES);
    proxy.get(CHANNELS);
    assertThat(purge("/@cache/rest").body().utf8()).isEqualTo("{\"purged\":true}");
    assertThat(status(proxy.get(ROLES))).contains("fwd=uri-miss");
    assertThat(status(proxy.get(CHANNELS))).contains("fwd=uri-miss");
  }

  @Test
  void purgeOfAPath_makesItsAnswersInvalid_whateverTheirQuery() throws Exception {
    proxy.get(ROLES);
    proxy.get(ROLES + "?a=b");
    proxy.get(CHANNELS);
    purge("/@cache/rest?path=" + ROLES);
    assertThat(status(proxy.get(ROLES))).contains("fwd=uri-miss");
    assertThat(status(proxy.get(ROLES + "?a=b"))).contains("fwd=uri-miss");
    assertThat(status(proxy.get(CHANNELS))).contains("hit");
  }

  @Test
  void purgeOfNoPath_isRefused() throws Exception {
    ProxyResponse answer = proxy.ask("DELETE", "/@cache/rest?path=guilds");
    assertThat(answer.status()).isEqualTo(ResponseStatus.INVALID_PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pth=/guilds/1/roles",
        "path=/nonsense",
        "path=/guilds/1/roles&path=/guilds/1",
        "path=/guilds/1/roles&more=1"
      })
  void purge_thatIsNotUnderstood_isRefused(String query) throws Exception {
    proxy.get(ROLES);
    assertThat(purge("/@cache/rest?" + query).code()).isEqualTo(400);
    assertThat(status(proxy.get(ROLES))).contains("hit");
  }

  @Test
  void purge_thatNobodyCouldBeTold_isNotSaidToBeDone() throws Exception {
    proxy.get(ROLES);
    tags.beforeBump =
        () -> {
          throw new StoreException("the store is away");
        };
    ProxyResponse.Http answer = purge("/@cache/rest");
    assertThat(answer.code()).isEqualTo(503);
    assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
    assertThat(status(proxy.get(ROLES))).as("already here").contains("fwd=bypass");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /@cache",
    "GET, /@cache/",
    "GET, /@cache/rest",
    "POST, /@cache/rest",
    "DELETE, /@cache/stats",
    "GET, /@cache/stats/more",
    "PATCH, /%40cache/stats",
    "PUT, /api/v10/@cache/rest"
  })
  void whatElseIsBelowIt_isNotFound_andNeverSent(String method, String path) throws Exception {
    assertThat(((ProxyResponse.Http) proxy.ask(method, path)).code()).isEqualTo(404);
    assertThat(discord.sent).isEmpty();
  }

  private ProxyResponse.Http purge(String path) throws InterruptedException {
    return (ProxyResponse.Http) proxy.ask("DELETE", path);
  }
}
