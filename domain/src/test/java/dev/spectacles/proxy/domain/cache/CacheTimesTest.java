package dev.spectacles.proxy.domain.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.ReadRoutes.ReadRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** Holds the page of all routes and their times against the table. */
class CacheTimesTest {
  private static final Path PAGE = Path.of("..", "docs", "cache-times.md");
  private static final String MARKER = " -Dreference=write -->\n";
  private static final boolean WRITE = "write".equals(System.getProperty("reference"));

  @Test
  void page_hasEveryRouteWithItsTime() throws IOException {
    String text = Files.readString(PAGE);
    String expected = text.substring(0, text.indexOf(MARKER) + MARKER.length()) + table();
    if (WRITE) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(expected);
  }

  private static String table() {
    var routes = new LinkedHashMap<String, StringJoiner>();
    for (ReadRoute route : ReadRoutes.BY_TEMPLATE.values()) {
      routes
          .computeIfAbsent(time(route), time -> new StringJoiner("<br>"))
          .add("`" + route.template() + "`");
    }
    var table = new StringBuilder("\n| Kept for | Routes |\n|---|---|\n");
    routes.forEach(
        (time, which) ->
            table.append("| ").append(time).append(" | ").append(which).append(" |\n"));
    return table.toString();
  }

  private static String time(ReadRoute route) {
    if (route.group() == RouteGroup.SECRET) {
      return "never, whatever is set: the answers or the paths hold secrets";
    }
    RouteRule rule = route.group().rule(route.template(), false);
    return switch (rule.storage()) {
      case STORE -> time(rule.ttl());
      case COALESCE -> "not kept; shared by requests at the same time";
      case SHARE_NOTHING -> "not kept, unless a time is set";
    };
  }

  private static String time(Duration ttl) {
    return ttl.toSeconds() % 3600 == 0 ? ttl.toHours() + " h" : ttl.toSeconds() + " s";
  }
}
