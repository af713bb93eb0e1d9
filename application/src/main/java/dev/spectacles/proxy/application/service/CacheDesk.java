package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.service.EntityPages.Page;
import dev.spectacles.proxy.application.service.KeptEntities.Feed;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Requests to what is kept of what the gateway told, below {@code /@cache}; all others pass.
 * Thread-safe.
 *
 * <p>Shows it to the bot only whose gateway told it, but for how much there is.
 */
final class CacheDesk implements HandleRequest {
  private static final Duration LONGEST_PROOF = Duration.ofSeconds(10);

  private static final String NO_SUCH_PATH =
      "404: Not Found (expected: /@cache/stats, guilds, guilds/{id}, guilds/{id}/channels and the"
          + " like, guilds/{id}/permissions/{id}, channels/{id}, users/{id} or batch; ids are"
          + " digits)";

  private final HandleRequest next;
  private final boolean restCache;
  private final GatewayParts parts;
  private final DeskPages pages;
  private final Purges purges;

  /**
   * Desk before all other handlers.
   *
   * @param restCache whether one of these is the cache of REST answers, which has requests of its
   *     own below {@code /@cache}
   */
  CacheDesk(HandleRequest next, boolean restCache, GatewayParts parts, Purges purges) {
    this.next = next;
    this.restCache = restCache;
    this.parts = parts;
    this.pages = new DeskPages(parts);
    this.purges = purges;
  }

  @Override
  public ProxyResponse handle(
      ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    return enqueue(request, route, deadline).await(marker);
  }

  @Override
  public Turn enqueue(ProxyRequest request, Route route, Deadline deadline) {
    if (!CacheAdmin.concerns(request)) {
      return next.enqueue(request, route, deadline);
    }
    Optional<DeskRoute> asked = DeskRoute.of(PathSegments.of(request.path()));
    if (asked.isEmpty()) {
      return restCache && CacheAdmin.isOfAnswers(request)
          ? next.enqueue(request, route, deadline)
          : marker -> refused(request, 404, NO_SUCH_PATH);
    }
    return switch (request.method().name()) {
      case "GET" -> marker -> shown(request, route, deadline, asked.get());
      case "DELETE" -> marker -> purged(request, asked.get());
      default -> marker -> refused(request, 404, "404: Not Found (expected: GET or DELETE)");
    };
  }

  private ProxyResponse shown(ProxyRequest request, Route route, Deadline deadline, DeskRoute asked)
      throws InterruptedException {
    if (asked.what() == DeskRoute.What.STATS) {
      return stats(request, route, deadline);
    }
    Optional<Feed> feed = parts.entities().feed();
    if (feed.isEmpty()) {
      return refused(
          request,
          504,
          "504: Gateway Timeout (no gateway told anything, or the store"
              + " of it cannot be reached)");
    }
    long userId = feed.get().userId();
    if (trust(request, userId) == FeedingBot.Trust.UNPROVEN) {
      ProxyResponse proof = prove(request, deadline);
      if (trust(request, userId) != FeedingBot.Trust.PROVEN && !isRefusal(proof)) {
        return proof;
      }
    }
    if (trust(request, userId) != FeedingBot.Trust.PROVEN) {
      return refused(
          request, 403, "403: Forbidden (expected: the token of the bot that feeds the cache)");
    }
    try {
      return switch (pages.find(request, feed.get(), asked)) {
        case DeskPages.Result.Shown(Page page) -> page(request, page);
        case DeskPages.Result.Unknown() -> refused(request, 404, "404: Not Found (nothing known)");
        case DeskPages.Result.Away() ->
            refused(request, 504, "504: Gateway Timeout (the store cannot be reached)");
      };
    } catch (InvalidRequestException e) {
      return e.toResponse();
    }
  }

  private FeedingBot.Trust trust(ProxyRequest request, long userId) {
    return parts.bot().trust(request.headers(), userId);
  }

  /** Has Discord asked whose credentials these are; its answer is heard on the way back. */
  private ProxyResponse prove(ProxyRequest request, Deadline deadline) throws InterruptedException {
    Headers headers =
        request
            .headers()
            .without(name -> !name.equals("authorization"))
            .with("cache-control", "no-cache");
    try {
      var self =
          new ProxyRequest(
              new HttpMethod("GET"),
              ApiPath.parse("/users/@me"),
              List.of(),
              headers,
              Body.empty(),
              Optional.empty());
      Deadline soon = Deadline.after(LONGEST_PROOF, parts.clock().nanoTime()).earlier(deadline);
      return next.handle(
          self, RouteResolver.resolve(self, parts.clock().wallTime()), soon, SentMarker.NONE);
    } catch (InvalidRequestException e) {
      throw new AssertionError("this path is one", e);
    }
  }

  /** Whether Discord does not know the credentials, rather than could not be asked. */
  private static boolean isRefusal(ProxyResponse response) {
    return response instanceof ProxyResponse.Http answer
        && (answer.code() == 401 || answer.code() == 403);
  }

  private ProxyResponse stats(ProxyRequest request, Route route, Deadline deadline)
      throws InterruptedException {
    String usage = pages.usage().utf8();
    if (!restCache) {
      return Answers.made(200, url(request), "{\"gateway\":" + usage + "}");
    }
    ProxyResponse rest = next.handle(request, route, deadline, SentMarker.NONE);
    if (!(rest instanceof ProxyResponse.Http answer) || answer.code() != 200) {
      return rest;
    }
    // Both are objects of our own making.
    String others = answer.body().utf8();
    String both = others.substring(0, others.length() - 1) + ",\"gateway\":" + usage + "}";
    return Answers.made(200, url(request), both);
  }

  private ProxyResponse purged(ProxyRequest request, DeskRoute asked) throws InterruptedException {
    Optional<Purges.Purge> what =
        switch (asked.what()) {
          case GUILD -> Optional.of(new Purges.Purge.OfGuild(asked.guild()));
          case USER -> Optional.of(new Purges.Purge.OfUser(asked.id()));
          case STATS, GUILDS, ENTITIES, ENTITY, CHANNEL, BATCH, PERMISSIONS -> Optional.empty();
        };
    if (what.isEmpty()) {
      return refused(
          request, 404, "404: Not Found (expected: DELETE of /@cache/guilds/{id} or users/{id})");
    }
    if (asked.what() == DeskRoute.What.GUILD && isUnknown(asked.guild())) {
      return refused(request, 404, "404: Not Found (nothing known)");
    }
    return purges.purge(what.get())
        ? Answers.made(200, url(request), "{\"purged\":true}")
        : Answers.internal("it is not purged: the instance that writes cannot do that now");
  }

  /** Whether nothing is kept of a guild; false if the store does not tell. */
  private boolean isUnknown(long guild) throws InterruptedException {
    Optional<Feed> feed = parts.entities().feed();
    return feed.isPresent()
        && parts
            .entities()
            .read(from -> EntityPages.isKnown(from, feed.get(), guild))
            .equals(Optional.of(false));
  }

  private ProxyResponse page(ProxyRequest request, Page page) {
    ProxyResponse.Http made = Answers.made(200, url(request), "");
    Headers headers =
        made.headers().with("x-spectacles-guild-state", EntityPages.name(page.standing()));
    if (page.eventMillis() > 0) {
      headers = headers.with("age", Long.toString(parts.age(page.eventMillis()).toSeconds()));
    }
    return CacheStatus.hit(Detail.GATEWAY)
        .addTo(new ProxyResponse.Http(200, headers, made.url(), page.body()));
  }

  private static ProxyResponse refused(ProxyRequest request, int code, String why) {
    return Answers.made(code, url(request), "{\"message\":\"%s\",\"code\":0}".formatted(why));
  }

  private static String url(ProxyRequest request) {
    return CacheAdmin.url(request);
  }
}
