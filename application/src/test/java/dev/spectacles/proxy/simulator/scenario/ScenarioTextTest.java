package dev.spectacles.proxy.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScenarioTextTest {

  @Test
  void text_everyNamedScenario_readsBackEqual() {
    for (var name : Scenarios.names()) {
      var scenario = Scenarios.named(name).orElseThrow();

      assertThat(scenario.name()).isEqualTo(name);
      assertThat(Scenario.parse(scenario.toText())).isEqualTo(scenario);
    }
  }

  @Test
  void text_unusualValues_readBackEqual() {
    var scenario =
        Scenario.builder("odd \"name\" \\ = #")
            .api(api -> api.withRoot("").withRawEcho(true).withUserAgentRequired(false))
            .token(TokenSpec.valid("Bot a\nb").withState(TokenSpec.State.FLAKY))
            .delays(
                new Delays(
                    DelaySpec.logNormal(Duration.ofMillis(1), Duration.ofMillis(9), 0.7)
                        .withSpikes(0.01, Duration.ofMillis(300)),
                    DelaySpec.none(),
                    DelaySpec.uniform(Duration.ZERO, Duration.ofNanos(1_500_000))))
            .fault(FaultSpec.of("GET /a/**", FaultSpec.Kind.BIG_BODY).withAmount(9).after(2))
            .world(new WorldSpec(5, 3, 2, true))
            .at(Duration.ofMillis(1), new Change.SetToken("Bot c", TokenSpec.State.REVOKED))
            .build();

    assertThat(Scenario.parse(scenario.toText())).isEqualTo(scenario);
  }

  @Test
  void parse_byHand_fillsInDefaults() {
    var scenario =
        Scenario.parse(
            """
            # a comment
            scenario name=mine
            bucket hash=m limit=5 window=5s model=sliding
            route pattern="POST /channels/{channel_id}/messages" hash=m
            at time=10s change="limit hash=m limit=2"
            """);

    assertThat(scenario)
        .isEqualTo(
            Scenario.builder("mine")
                .route(Scenarios.CREATE_MESSAGE, "m", Rate.sliding(5, Duration.ofSeconds(5)))
                .at(Duration.ofSeconds(10), new Change.SetLimit("m", 2))
                .build());
  }

  @Test
  void parse_mistakes_areNamed() {
    assertThatThrownBy(() -> Scenario.parse("scenario name=a colour=red"))
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> Scenario.parse("scenario name=a\nroute pattern=\"GET /a\" hash=x"))
        .hasMessageContaining("x");
    assertThatThrownBy(
            () -> Scenario.parse("scenario name=a\nat time=1s change=\"limit hash=y limit=2\""))
        .hasMessageContaining("bucket y");
    assertThatThrownBy(() -> Change.parse("model hash=a model=square"))
        .hasMessageContaining("square");
  }

  @Test
  void change_everyKind_readsBackEqual() {
    var route = RoutePattern.parse("GET /a/{b}");
    var changes =
        new Change[] {
          new Change.SetLimit("h", 3),
          new Change.SetWindow("h", Duration.ofMillis(250)),
          new Change.SetModel("h", RateModel.SLIDING),
          new Change.SetBucket(new BucketSpec("h", Rate.fixed(1, Duration.ofSeconds(1)))),
          new Change.SetHash(route, "h"),
          new Change.SetGlobalModel(RateModel.LOG),
          new Change.SetGlobalLimit("Bot a", 7),
          new Change.SetToken("Bot a", TokenSpec.State.REVOKED),
          new Change.Forbid(route, true),
          new Change.Remove(route, false),
          new Change.DeleteWebhook("1"),
          new Change.Ban("127.0.0.1", Duration.ofSeconds(2)),
          new Change.AddFault(FaultSpec.of("* /**", FaultSpec.Kind.CLOSE).times(2)),
          new Change.ClearFaults()
        };
    for (var change : changes) {
      assertThat(Change.parse(change.toText())).isEqualTo(change);
    }
  }
}
