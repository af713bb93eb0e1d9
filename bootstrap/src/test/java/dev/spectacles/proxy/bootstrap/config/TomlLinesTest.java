package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TomlLinesTest {
  @Test
  void of_keysAmongEveryKindOfValue_findsTheirLines() {
    var lines =
        new TomlLines(
            String.join(
                "\r\n",
                "# a = 1",
                "a = \"# no comment [b]\" # b = 2",
                "text = \"\"\"",
                "[broker]",
                "group = \"inside\"\"\"\"\"",
                "literal = '''",
                "x = 'y'",
                "'''",
                "list = [ # [c]",
                "  \"]\", ['\"'],",
                "]",
                "[ broker ]",
                "  \"group\" = 'g' # event = 1",
                "  event=\"a\\\"b\"",
                "redis.url = 1",
                "[a.'b.c']",
                "d = {e = \"}\", f = [1]}",
                "g = 1979-05-27 07:32:00",
                "h = \"\""));

    assertThat(lines.of(List.of("a"))).hasValue(2);
    assertThat(lines.of(List.of("text"))).hasValue(3);
    assertThat(lines.of(List.of("literal"))).hasValue(6);
    assertThat(lines.of(List.of("list"))).hasValue(9);
    assertThat(lines.of(List.of("broker"))).hasValue(12);
    assertThat(lines.of(List.of("broker", "group"))).hasValue(13);
    assertThat(lines.of(List.of("broker", "event"))).hasValue(14);
    assertThat(lines.of(List.of("broker", "redis", "url"))).hasValue(15);
    assertThat(lines.of(List.of("a", "b.c", "d"))).hasValue(17);
    assertThat(lines.of(List.of("a", "b.c", "d", "e"))).hasValue(17);
    assertThat(lines.of(List.of("a", "b.c", "h"))).hasValue(19);
    assertThat(lines.of(List.of("x"))).isEmpty();
    assertThat(lines.of(List.of("c"))).isEmpty();
  }

  @Test
  void of_documentThatEndsEarly_endsToo() {
    for (String toml :
        List.of("", "a", "a =", "a = \"", "[", "[a", "a = [", "'", "a = '''", "\"\\")) {
      assertThat(new TomlLines(toml).of(List.of("zzz"))).isEmpty();
    }
  }
}
