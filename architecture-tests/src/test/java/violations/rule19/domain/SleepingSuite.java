package violations.rule19.domain;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

@Disabled
class SleepingSuite {
  @Test
  void plain() {}
}
