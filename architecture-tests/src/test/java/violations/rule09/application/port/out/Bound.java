package violations.rule09.application.port.out;

import java.util.List;
import org.redisson.api.RStream;

interface Bound {
  void add(List<RStream<?, ?>> streams);
}
