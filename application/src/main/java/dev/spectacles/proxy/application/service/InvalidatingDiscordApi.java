package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.cache.Tags;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Makes stored answers invalid that a request changes: when it is sent, as nobody may live to hear
 * of its answer, and again before its answer goes to whoever waits for it.
 *
 * <p>Source: RFC 9111, section 4.4.
 */
final class InvalidatingDiscordApi implements DiscordApi {
  private static final int UNAUTHORIZED = 401;

  private final DiscordApi discord;
  private final TagBumps bumps;
  private final CacheRoutes routes;
  private final ResponseCache cache;

  InvalidatingDiscordApi(
      DiscordApi discord, TagBumps bumps, CacheRoutes routes, ResponseCache cache) {
    this.discord = discord;
    this.bumps = bumps;
    this.routes = routes;
    this.cache = cache;
  }

  @Override
  public ProxyResponse.Http send(ProxyRequest request, Deadline deadline, WriteListener listener)
      throws DiscordException, InterruptedException {
    // Not waited for: the request has its turn now.
    bumps.bumpSoon(routes.bumpedBy(request));
    boolean known = false;
    try {
      ProxyResponse.Http answer = discord.send(request, deadline, listener);
      known = true;
      answered(request, answer);
      return answer;
    } catch (DiscordException e) {
      known = true;
      if (e.kind() != DiscordException.Kind.NOT_SENT) {
        bump(routes.bumpedWithoutAnswer(request));
      }
      throw e;
    } finally {
      if (!known) {
        // Interrupted, most likely: Discord may have got it, and nobody waits for an answer.
        bumps.bumpSoon(routes.bumpedWithoutAnswer(request));
      }
    }
  }

  private void answered(ProxyRequest request, ProxyResponse.Http answer)
      throws InterruptedException {
    var invalid = new LinkedHashSet<>(routes.bumpedByAnswer(request, answer));
    if (answer.code() == UNAUTHORIZED && request.headers().contains("authorization")) {
      cache
          .keys(Deadline.none())
          .ifPresent(all -> invalid.add(Tags.ofScope(all.scope(request.headers()))));
    }
    bump(invalid);
  }

  private void bump(Set<String> invalid) throws InterruptedException {
    if (!invalid.isEmpty()) {
      bumps.bump(invalid);
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
