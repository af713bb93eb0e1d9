package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.domain.entity.Lessons;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what Discord's answers teach about the bot's world to whoever keeps it. Thread-safe.
 *
 * <p>As far as it can: a lesson that is lost costs nothing but what it would have mended.
 */
final class LearningDiscordApi implements DiscordApi {
  private static final Logger LOG = LoggerFactory.getLogger(LearningDiscordApi.class);
  private static final int MOST_AT_ONCE = 64;
  private static final int LARGEST_BYTES = 1 << 20;

  private final DiscordApi discord;
  private final Broker broker;
  private final String eventName;
  private final GatewayCache answers;
  private final Clock clock;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService publishing;

  /**
   * Learns from this API.
   *
   * @param eventName what lessons are published as
   * @param publishing runs what publishes; somebody else's to close
   * @param answers knows whose requests those of the bot are
   */
  LearningDiscordApi(
      DiscordApi discord,
      Broker broker,
      String eventName,
      GatewayCache answers,
      ExecutorService publishing,
      Clock clock) {
    this.publishing = publishing;
    this.discord = discord;
    this.broker = broker;
    this.eventName = eventName;
    this.answers = answers;
    this.clock = clock;
  }

  @Override
  public ProxyResponse.Http send(ProxyRequest request, Deadline deadline, WriteListener listener)
      throws DiscordException, InterruptedException {
    Instant sent = clock.wallTime();
    ProxyResponse.Http answer = discord.send(request, deadline, listener);
    if (Lessons.isOne(request.method(), request.path(), answer.code())
        && answer.body().size() <= LARGEST_BYTES) {
      pass(request, answer, sent);
    }
    return answer;
  }

  private void pass(ProxyRequest request, ProxyResponse.Http answer, Instant sent) {
    if (!room.tryAcquire()) {
      LOG.debug("lesson lost, as too many are on their way");
      return;
    }
    try {
      publishing.execute(
          () -> {
            try {
              if (answers.isBots(request.headers())) {
                broker.publish(
                    eventName, ControlEvents.learn(request, answer, sent), ControlEvents.USEFUL);
              }
            } catch (BrokerException e) {
              LOG.debug("lesson lost: {}", e.getMessage());
            } catch (InterruptedException closed) {
              Thread.currentThread().interrupt();
            } finally {
              room.release();
            }
          });
    } catch (RejectedExecutionException closed) {
      room.release();
      LOG.debug("lesson lost: closed");
    }
  }

  @Override
  public String url(ProxyRequest request) {
    return discord.url(request);
  }

  @Override
  public void close() {
    discord.close();
  }
}
