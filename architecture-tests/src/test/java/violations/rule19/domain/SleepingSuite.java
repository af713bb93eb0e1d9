package violations.rule19.domain;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

// Planted for rule 19 to refuse; its name keeps it from being run as a test.
@Disabled
class SleepingSuite {
  @Test
  void plain() {}
}
