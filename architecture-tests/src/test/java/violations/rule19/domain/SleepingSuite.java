package violations.rule19.domain;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

@Disabled("planted for rule 19 to refuse; its name keeps it from being run as a test")
class SleepingSuite {
  @Test
  void plain() {}
}
