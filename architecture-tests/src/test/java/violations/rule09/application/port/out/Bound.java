package violations.rule09.application.port.out;

import org.redisson.api.RStream;
import java.util.List;

interface Bound {
  void add(List<RStream<?, ?>> streams);
}
