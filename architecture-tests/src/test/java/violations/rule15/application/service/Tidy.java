package violations.rule15.application.service;

import java.io.IOException;
import java.io.InputStream;

final class Tidy {
  int first(InputStream in) throws IOException {
    try (in) {
      return in.read();
    }
  }
}
