package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Answers what the test says, and when that is used up 200, or what it says of all others. */
final class ScriptedDiscord implements DiscordApi {
  /** What happens to one request. */
  interface Step {
    ProxyResponse.Http take(ProxyRequest request) throws DiscordException, InterruptedException;
  }

  final List<ProxyRequest> sent = Collections.synchronizedList(new ArrayList<>());
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  /** Hears by when each is to be answered. */
  volatile Consumer<Deadline> asked = deadline -> {};

  private volatile Step otherwise = request -> answer(200, Map.of(), "{}");

  ScriptedDiscord then(Step step) {
    steps.add(step);
    return this;
  }

  /** What happens to all requests that nothing else was said of. */
  ScriptedDiscord otherwise(Step step) {
    otherwise = step;
    return this;
  }

  /** Forgets what was not used. */
  void clear() {
    steps.clear();
  }

  ScriptedDiscord answers(int code) {
    return then(request -> answer(code, Map.of(), "{}"));
  }

  ScriptedDiscord fails(DiscordException.Kind kind) {
    return then(
        request -> {
          throw new DiscordException(kind, "it failed");
        });
  }

  /** A 429 of Discord's own. */
  ScriptedDiscord limits(String scope, String seconds) {
    return then(request -> limited(scope, seconds));
  }

  static ProxyResponse.Http limited(String scope, String seconds) {
    return answer(
        429,
        Map.of("via", "1.1 google", "x-ratelimit-scope", scope),
        "{\"retry_after\":" + seconds + ",\"global\":false}");
  }

  static ProxyResponse.Http answer(int code, Map<String, String> headers, String body) {
    return new ProxyResponse.Http(
        code, Headers.of(new LinkedHashMap<>(headers)), "https://discord.test/x", Body.of(body));
  }

  @Override
  public ProxyResponse.Http send(ProxyRequest request, Deadline deadline, WriteListener listener)
      throws DiscordException, InterruptedException {
    listener.writing();
    sent.add(request);
    asked.accept(deadline);
    Step step = steps.poll();
    return (step == null ? otherwise : step).take(request);
  }

  @Override
  public String url(ProxyRequest request) {
    return "https://discord.test/api/v10/…";
  }

  @Override
  public void close() {}
}
