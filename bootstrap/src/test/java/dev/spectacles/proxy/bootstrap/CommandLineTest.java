package dev.spectacles.proxy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class CommandLineTest {
  @TempDir private Path directory;
  private CommandFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new CommandFixture(directory);
  }

  @Test
  void noArguments_printTheHelp() {
    assertThat(fixture.run()).isZero();
    assertThat(fixture.out()).contains("Usage: spectacles-proxy", "serve", "call", "check");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "serve --help", "call --help", "check --help", "top --help"})
  void help_ofEveryCommand_isPrinted(String arguments) {
    assertThat(fixture.run(arguments.split(" "))).isZero();
    assertThat(fixture.out()).startsWith("Usage: spectacles-proxy");
  }

  @Test
  void version_isTheBuilds() {
    assertThat(fixture.run("--version")).isZero();
    assertThat(fixture.out().strip()).matches("Spectacles Proxy \\d+\\.\\d+\\.\\d+.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"srve", "--embedded", "serve extra", "serve --port 1", "check x"})
  void wrongUsage_exitsWith2(String arguments) {
    assertThat(fixture.run(arguments.split(" "))).isEqualTo(2);
    assertThat(fixture.err()).isNotBlank();
  }

  @Test
  void installedBrokers_includeOurs() {
    assertThat(Plugins.installed().brokers().types()).contains("redis", "amqp");
  }

  @Test
  void check_rightConfiguration_showsEveryValueWithItsOrigin() throws IOException {
    Files.writeString(directory.resolve("proxy.toml"), "\n[broker]\ngroup = \"g\"\n");
    fixture.environment.put("FAKE_URL", "fake://me:hush@there:1");
    fixture.environment.put("AMQP_URL", "amqp://me:hush@there");

    assertThat(fixture.run("check")).isZero();

    assertThat(fixture.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
        .contains(
            "KEY|VALUE|ORIGIN",
            "timeout|(none)|default",
            "broker.type|fake|environment BROKER_TYPE",
            "broker.group|g|proxy.toml:3",
            "fake.url|fake://me:***@there:1|environment FAKE_URL",
            "Broker: fake somewhere",
            "Answers: memory of this instance alone",
            "Note: AMQP_URL has no effect: it concerns broker.type = amqp, and broker.type is"
                + " fake");
    assertThat(fixture.out()).doesNotContain("hush");
  }

  @Test
  void check_wrongConfiguration_exitsWith2AndShowsEveryMistake() {
    fixture.environment.put("TIMEOUT", "x");
    fixture.environment.put("LOG_LEVEL", "y");

    assertThat(fixture.run("check")).isEqualTo(2);
    assertThat(fixture.err())
        .contains("has 2 mistakes", "environment TIMEOUT: timeout", "environment LOG_LEVEL: log");
    assertThat(fixture.out()).isEmpty();
  }

  @Test
  void check_sectionThatTheBrokerRefuses_namesItsOrigin() {
    fixture.environment.put("FAKE_URL", "nowhere");

    assertThat(fixture.run("check")).isEqualTo(2);
    assertThat(fixture.err())
        .contains("environment FAKE_URL: fake.url: no address (expected: somewhere)");
  }

  @Test
  void check_nameThatTheBrokerRefuses_namesItsOrigin() {
    fixture.environment.put("BROKER_GROUP", "unspeakable");

    assertThat(fixture.run("check")).isEqualTo(2);
    assertThat(fixture.err())
        .contains("environment BROKER_GROUP: broker.group: unspeakable (expected: another)");
  }

  @Test
  void serve_wrongConfiguration_exitsWith2() {
    fixture.environment.put("TIMEOUT", "x");

    assertThat(fixture.run("serve")).isEqualTo(2);
    assertThat(fixture.broker.life).isEmpty();
  }

  @Test
  void serve_embeddedWithAnotherBroker_exitsWith2() {
    assertThat(fixture.run("serve", "--embedded")).isEqualTo(2);
    assertThat(fixture.err()).contains("--embedded: with broker.type fake (expected: redis)");
  }

  @Test
  void serve_partThatDoesNotStart_exitsWith1AndNamesIt() {
    fixture.environment.put("FAKE_MOOD", "bad");

    assertThat(fixture.run("serve")).isEqualTo(1);
    assertThat(fixture.err()).contains("broker: not started: the broker is in a bad mood");
    assertThat(fixture.listeningEnded.getCount()).isZero();
  }

  @Test
  void serve_untilToldToStop_greetsAndEndsWith0() throws Exception {
    var serve = started(() -> fixture.run("serve"));
    Runnable stop = fixture.stops.poll(20, TimeUnit.SECONDS);

    assertThat(stop).isNotNull();
    awaitGreeting();
    stop.run();

    assertThat(serve.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(fixture.broker.life).startsWith("started").contains("drained").endsWith("closed");
    assertThat(fixture.listeningEnded.getCount()).isZero();
  }

  @Test
  void serve_sends_areReadFromBeforeTheStartToTheStop() throws Exception {
    fixture.environment.put("GATEWAY_SERVE_SEND", "true");
    fixture.environment.put("GATEWAY_SHARD_COUNT", "2");
    var serve = started(() -> fixture.run("serve"));
    Runnable stop = fixture.stops.poll(20, TimeUnit.SECONDS);

    assertThat(stop).isNotNull();
    awaitGreeting();
    stop.run();

    assertThat(serve.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(fixture.broker.life)
        .startsWith("read [SEND] as send", "started")
        .containsSubsequence("events closed", "drained", "closed");
  }

  @Test
  void brokerOption_overridesTheConfiguration() {
    fixture.environment.put("BROKER_TYPE", "nothing-like-it");

    assertThat(fixture.run("check", "--broker", "fake")).isEqualTo(2);
    fixture.environment.remove("BROKER_TYPE");
    assertThat(fixture.run("check", "--broker", "fake")).isZero();

    assertThat(fixture.out()).containsPattern("broker\\.type +fake +option --broker");
  }

  @Test
  void brokerOption_isRepeatedInTheGreeting() throws Exception {
    fixture.environment.remove("BROKER_TYPE");
    var serve = started(() -> fixture.run("serve", "--broker", "fake"));
    Runnable stop = fixture.stops.poll(20, TimeUnit.SECONDS);
    assertThat(stop).isNotNull();
    awaitGreeting();
    stop.run();

    assertThat(serve.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(fixture.out()).contains("./spectacles-proxy call --broker fake GET /gateway");
  }

  @Test
  void jsonLogs_haveNoGreetingBetweenThem() {
    fixture.broker.endsByItself = true;
    fixture.environment.put("LOG_FORMAT", "json");

    Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT");
    var console = (OutputStreamAppender<ILoggingEvent>) root.getAppender("console");
    Encoder<ILoggingEvent> before = console.getEncoder();
    try {
      assertThat(fixture.run("serve")).isZero();

      assertThat(console.getEncoder()).isInstanceOf(JsonLines.class);
      assertThat(fixture.out()).isEmpty();
      assertThat(fixture.broker.life).startsWith("started");
    } finally {
      console.setEncoder(before);
    }
  }

  @Test
  void environmentOfTheBroker_isRepeatedInTheGreeting_withoutSecrets() {
    fixture.broker.endsByItself = true;
    fixture.environment.put("BROKER_GROUP", "my group");
    fixture.environment.put("BROKER_MAX_HELD", "7");
    fixture.environment.put("FAKE_URL", "amqp://me:hunter2@there/v");

    assertThat(fixture.run("serve")).isZero();
    assertThat(fixture.out())
        .contains(
            "Send a request: BROKER_TYPE=fake BROKER_GROUP='my group'"
                + " FAKE_URL='amqp://me:***@there/v' ./spectacles-proxy call GET /gateway")
        .doesNotContain("hunter2");
  }

  /** A stop in the middle of the start is another matter. */
  private void awaitGreeting() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!fixture.out().contains("Send a request")) {
      assertThat(System.nanoTime() - end).isNegative();
      Thread.yield();
    }
  }

  @Test
  void serve_brokerThatEnds_drainsAndEndsWith0() {
    fixture.broker.endsByItself = true;

    assertThat(fixture.run("serve")).isZero();
    assertThat(fixture.out())
        .contains(" serves.", "Send a request: BROKER_TYPE=fake ./spectacles-proxy call");
    assertThat(fixture.broker.life).startsWith("started").contains("drained").endsWith("closed");
    assertThat(fixture.listeningEnded.getCount()).isZero();
  }

  @Test
  void serve_overTheStandardStreams_printsNothingThere() {
    fixture.broker.endsByItself = true;
    fixture.broker.reach = BrokerProvider.Reach.STANDARD_STREAMS;

    assertThat(fixture.run("serve")).isZero();
    assertThat(fixture.out()).isEmpty();
    assertThat(fixture.err())
        .contains(" serves.", "Requests come from the process that started this one.");
  }

  private static <T> FutureTask<T> started(Callable<T> action) {
    var task = new FutureTask<T>(action);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }
}
