package dev.spectacles.proxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What scripts print of their checks: a JSON object on each line. */
final class CheckLines {
  private static final JsonMapper JSON = new JsonMapper();

  private CheckLines() {}

  /** Every check ran, and none failed. */
  static void allPassed(List<String> expected, List<String> lines) throws IOException {
    var failures = new StringBuilder();
    var checks = new ArrayList<String>();
    for (String line : lines) {
      JsonNode result = JSON.readTree(line);
      checks.add(result.path("check").asText());
      if (!result.path("ok").asBoolean()) {
        failures.append(result.path("check").asText()).append(": ");
        failures.append(result.path("why").asText()).append('\n');
      }
    }
    assertThat(failures).isEmpty();
    assertThat(checks).containsExactlyElementsOf(expected);
  }
}
