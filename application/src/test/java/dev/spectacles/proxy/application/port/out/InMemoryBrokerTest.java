package dev.spectacles.proxy.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InMemoryBrokerTest implements BrokerContract {
  private final InMemoryExchange exchange = new InMemoryExchange(new RealClock());

  @Override
  public Broker open(String instance) {
    var broker = new InMemoryBroker(exchange, patience());
    broker.start();
    return broker;
  }

  @Override
  public Caller publish(Publication publication) {
    return caller(
        exchange.publish(
            () ->
                new ProxyRequest(
                    HttpMethod.parse("POST"),
                    ApiPath.parse(publication.path()),
                    List.of(),
                    Headers.empty(),
                    Body.of(publication.body()),
                    Optional.empty()),
            100 + publication.body().length,
            publication.expiry()));
  }

  @Override
  public Caller publishUnreadable() {
    return caller(
        exchange.publish(
            () -> {
              throw new InvalidRequestException(
                  ResponseStatus.INVALID_REQUEST_FORMAT, "request: no map");
            },
            3,
            Optional.empty()));
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration takeover() {
    return Duration.ofMillis(20);
  }

  @Test
  void age_manualClock_followsIt() throws InterruptedException {
    var clock = new ManualClock();
    var aged = new InMemoryExchange(clock);
    var broker = new InMemoryBroker(aged, patience());
    var message =
        aged.publish(
            () -> {
              throw new InvalidRequestException(ResponseStatus.INVALID_PATH, "path: none");
            },
            3,
            Optional.empty());
    Delivery delivery = BrokerContract.one(broker);

    clock.advance(Duration.ofSeconds(7));

    assertThat(delivery.age()).isEqualTo(Duration.ofSeconds(7));
    assertThat(delivery.reply(BrokerContract.failure())).isFalse();
    assertThat(message.settled()).isTrue();
    assertThat(delivery.age()).isGreaterThanOrEqualTo(Duration.ofSeconds(8));
  }

  private static Caller caller(InMemoryExchange.Message message) {
    return new Caller() {
      @Override
      public void listen() {
        message.listen();
      }

      @Override
      public Optional<ProxyResponse> answer(Duration atMost) throws InterruptedException {
        return message.answer(atMost);
      }
    };
  }
}
