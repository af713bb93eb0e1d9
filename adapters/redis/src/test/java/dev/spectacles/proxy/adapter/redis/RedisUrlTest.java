package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          localhost                            | redis://localhost:6379
          localhost:6380                       | redis://localhost:6380
          redis-1.internal:6380                | redis://redis-1.internal:6380
          10.0.0.1                             | redis://10.0.0.1:6379
          [::1]:6379                           | redis://[::1]:6379
          [fe80::1]                            | redis://[fe80::1]:6379
          redis://host                         | redis://host:6379
          REDIS://host/                        | redis://host:6379
          redis://host:1/3                     | redis://host:1/3
          redis://host/0                       | redis://host:6379
          redis://:secret@host                 | redis://:***@host:6379
          redis://user:secret@host:7/2         | redis://user:***@host:7/2
          :secret@host                         | redis://:***@host:6379
          user:secret@host:7                   | redis://user:***@host:7
          rediss://host                        | rediss://host:6379
          valkey://host                        | redis://host:6379
          valkeys://:secret@[::1]:7            | rediss://:***@[::1]:7
          redis+sentinel://a:1,b:2/main        | redis+sentinel://a:1,b:2/main
          redis+sentinel://a,b/main/4          | redis+sentinel://a:26379,b:26379/main/4
          rediss+sentinel://u:p@a:1/main       | rediss+sentinel://u:***@a:1/main
          redis+cluster://a:1,b:2              | redis+cluster://a:1,b:2
          rediss+cluster://:p@a/0              | rediss+cluster://:***@a:6379
          """)
  void parse_everyForm_isUnderstood(String text, String shown) {
    RedisUrl url = RedisUrl.parse(text);

    assertThat(url.shown()).isEqualTo(shown);
    assertThat(url).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                             | redis.url: empty
          http://host                    | scheme http
          redis+tls://host               | scheme redis+tls
          redis://                       | no host
          redis://:1                     | no host
          redis://host:0                 | port 0
          redis://host:65536             | port 65536
          redis://host:port              | a port that is no number
          redis://host:                  | a port that is no number
          redis://::1                    | no host
          redis://[::1                   | a host that is none
          redis://[::1]6379              | a port that is no number
          redis://ho st                  | a host that is none
          redis://host/x                 | a database that is no number
          redis://host/-1                | a database that is no number
          redis://host/1/2               | a path of 2 parts
          redis://host?db=1              | parameters after the address
          redis://host#x                 | parameters after the address
          redis://@host                  | nothing before the @
          redis://user@host              | a user without a password
          redis://a:1,b:2                | several hosts
          redis+sentinel://a:1           | no name of the primary
          redis+sentinel://a:1/main/x    | a database that is no number
          redis+cluster://a:1/2          | database 2
          redis+cluster://a:1,           | no host
          """)
  void parse_mistake_isNamed(String text, String what) {
    assertThatThrownBy(() -> RedisUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("redis.url: ")
        .hasMessageContaining(what)
        .hasMessageContaining("(expected: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://:hun/ter@host",
        "redis://:hun?ter@host",
        "redis://:hun#ter@host",
        "redis://:hun%zzter@host",
        "redis://user:hunter@host:x",
        "redis://user:hunter@ho st",
        "redis://user:hunter@host/x",
        "redis://user:hunter",
        "hunter:hunter",
        "HUN!ter://hunter@host",
      })
  void parse_mistakeBesideAPassword_neverRepeatsIt(String text) {
    assertThatThrownBy(() -> RedisUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("hun", "ter@", "zzter");
  }

  @Test
  void parse_percentEncoding_isDecoded() {
    RedisUrl url = RedisUrl.parse("redis://us%40er:p%2Fa%3A+%25@host");

    assertThat(url.user()).contains("us@er");
    assertThat(url.password()).contains("p/a:+%");
  }

  @Test
  void parse_passwordWithAt_belongsToThePassword() {
    RedisUrl url = RedisUrl.parse("redis://:p@ss:w@host:7");

    assertThat(url.user()).isEmpty();
    assertThat(url.password()).contains("p@ss:w");
    assertThat(url.servers()).isEqualTo("host:7");
  }
}
