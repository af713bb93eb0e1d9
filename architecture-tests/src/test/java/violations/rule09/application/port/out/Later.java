package violations.rule09.application.port.out;

import java.util.concurrent.CompletableFuture;

interface Later {
  CompletableFuture<String> answer();
}
