package violations.rule11.adapter.local;

import java.util.function.LongSupplier;

final class Referring {
  LongSupplier clock() {
    return System::nanoTime;
  }
}
