package violations.rule19.domain;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Not named like a test, so it is not run as one. */
public class PublicSuite {
  @Test
  public void plain() {}

  @ParameterizedTest
  @ValueSource(ints = 1)
  public void parameterized(int value) {}

  @Disabled("planted for rule 19 to refuse; its class's name keeps it from being run as a test")
  @Test
  void disabled() {}
}
