package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.testing.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.client.RedisException;

class OutageTest {
  private final Outage outage = new Outage("localhost:6379", new ManualClock());

  @Test
  void refusedConnection_isAnOutage_untilSomethingWorks() {
    outage.noticed(new RedisException("Connection refused"));
    assertThat(outage.isOn()).isTrue();

    outage.over();
    assertThat(outage.isOn()).isFalse();
    assertThat(outage.since()).isPresent();
  }

  @Test
  void success_ofWhatBeganBefore_doesNotEndIt() {
    long before = outage.attempt();
    try (var log = new CapturedLog(Outage.class)) {
      outage.over();
      outage.noticed(new RedisException("Connection refused"));

      outage.over(before);
      assertThat(outage.isOn()).isTrue();

      outage.over(outage.attempt());
      assertThat(outage.isOn()).isFalse();
      assertThat(log.text())
          .isEqualTo(
              "WARN Redis at localhost:6379 is not reachable: Connection refused; trying again\n"
                  + "INFO Redis at localhost:6379 is reachable again");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WRONGPASS invalid username-password pair or user is disabled",
        "NOAUTH Authentication required",
        "ERR invalid password",
        "ERR AUTH <password> called without any password configured for the default user",
        "ERR Client sent AUTH, but no password is set",
        "NOPERM this user has no permissions to run the 'xadd' command"
      })
  void refusedCredentials_areToldAsWhatTheyAre_onceAndAlsoAfterAnOutage(String said) {
    var refusal =
        new RedisException(
            "Unable to connect",
            new RedisException(said + " channel: [id: 0x1] command: (AUTH), params: (secret)"));
    try (var log = new CapturedLog(Outage.class)) {
      outage.noticed(new RedisException("Connection refused"));
      outage.noticed(refusal);
      outage.noticed(refusal);
      outage.noticed(new RedisException("Connection refused"));

      assertThat(log.text().lines()).hasSize(2);
      assertThat(log.text().lines())
          .last()
          .asString()
          .startsWith("WARN Redis at localhost:6379 refuses our credentials: " + said + "; look at")
          .doesNotContain("secret");
    }
  }

  @Test
  void missingScript_isNoOutage() {
    outage.noticed(
        new RedisException("NOSCRIPT No matching script. Please use EVAL.. channel: [id: 0x1]"));

    assertThat(outage.isOn()).isFalse();
  }
}
