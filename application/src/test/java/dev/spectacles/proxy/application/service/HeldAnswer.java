package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Answer that Discord gives when the test says so. */
final class HeldAnswer implements ScriptedDiscord.Step {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch given = new CountDownLatch(1);
  private final ScriptedDiscord.Step answer;

  HeldAnswer(ScriptedDiscord.Step answer) {
    this.answer = answer;
  }

  @Override
  public ProxyResponse.Http take(ProxyRequest request)
      throws DiscordException, InterruptedException {
    asked.countDown();
    await(given);
    return answer.take(request);
  }

  /** Returns when Discord has the request. */
  void awaitAsked() throws InterruptedException {
    await(asked);
  }

  void give() {
    given.countDown();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not come about in " + Running.PATIENCE);
    }
  }
}
