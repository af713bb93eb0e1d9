package dev.spectacles.proxy.paper;

import dev.spectacles.proxy.adapter.wire.RequestCodec;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The one test class that a plug-in needs: the contract suite, given something to work on. */
class PaperBrokerTest implements BrokerContract {
  private static final String EVENT = "REQUEST";

  @TempDir private Path folder;
  private final List<Broker> opened = new ArrayList<>();
  private PaperDesk desk = new PaperDesk(Path.of(""), new RealClock());

  @BeforeEach
  void furnish() {
    desk = new PaperDesk(folder, new RealClock());
  }

  @AfterEach
  void close() {
    opened.forEach(Broker::close);
  }

  @Override
  public Broker create(String instance) {
    Broker broker = new PaperBroker(desk, EVENT, patience());
    opened.add(broker);
    return broker;
  }

  @Override
  public Caller publish(Publication publication) {
    byte[] request =
        RequestCodec.encode(
            "POST", publication.path(), Map.of(), Map.of(), Optional.of(publication.body()));
    return caller(desk.request(EVENT, request, publication.expiry()));
  }

  @Override
  public Caller publishUnreadable() {
    return caller(desk.request(EVENT, new byte[] {(byte) 0xC1}, Optional.empty()));
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration takeover() {
    return Duration.ofMillis(20);
  }

  @Override
  public boolean tellsBacklog() {
    return false;
  }

  private Caller caller(String id) {
    var client = new PaperRequestClient(desk, EVENT);
    return new Caller() {
      @Override
      public void listen() {
        client.listen(id);
      }

      @Override
      public Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException {
        return client.answer(id, atMost);
      }
    };
  }
}
