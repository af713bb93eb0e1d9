package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import org.junit.jupiter.api.Test;
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
  void missingScript_isNoOutage() {
    outage.noticed(
        new RedisException("NOSCRIPT No matching script. Please use EVAL.. channel: [id: 0x1]"));

    assertThat(outage.isOn()).isFalse();
  }
}
