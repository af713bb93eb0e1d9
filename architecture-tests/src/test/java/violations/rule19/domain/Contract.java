package violations.rule19.domain;

import org.junit.jupiter.api.Test;

interface Contract {
  @Test
  default void plain() {}
}
