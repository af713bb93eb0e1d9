package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.text.Suggestion;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * What the table of Discord's routes says: how long an answer is good for, which tags it bears, and
 * which tags a write bumps.
 */
public final class CacheRoutes {
  private static final Set<String> COUNTS = Set.of("with_counts", "with_user_count");
  private static final Duration COUNTS_TTL = Duration.ofSeconds(30);
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  /** Errors of Discord, or of its edge, where the write may have got through. */
  private static final Set<Integer> OUTCOME_UNKNOWN =
      Set.of(500, 502, 504, 520, 521, 522, 523, 524, 525, 526, 527);

  private final Map<String, RouteRule> rules = new HashMap<>();
  private final Map<String, RouteRule> countRules = new HashMap<>();

  private CacheRoutes(Map<String, Duration> overrides, boolean events) {
    ReadRoutes.BY_TEMPLATE.forEach(
        (template, route) -> {
          Optional<Duration> override = Optional.ofNullable(overrides.get(template));
          RouteRule rule =
              override
                  .map(ttl -> route.group().rule(template, ttl))
                  .orElseGet(() -> route.group().rule(template, events));
          rules.put(template, rule);
          boolean longer = override.isEmpty() && rule.ttl().compareTo(COUNTS_TTL) > 0;
          countRules.put(template, longer ? route.group().rule(template, COUNTS_TTL) : rule);
        });
  }

  /**
   * The table with other times for some routes.
   *
   * @param overrides by template; zero to share only what is on its way
   * @param events whether Discord's events tell of changes, so that answers may be kept for longer
   * @throws IllegalArgumentException for one that {@link #refusal} names
   */
  public static CacheRoutes of(Map<String, Duration> overrides, boolean events) {
    overrides.forEach(
        (template, ttl) -> {
          refusal(template)
              .ifPresent(
                  expectation -> {
                    throw new IllegalArgumentException(
                        template + ": " + ttl + " (expected: " + expectation + ")");
                  });
          if (ttl.isNegative()) {
            throw new IllegalArgumentException(template + ": " + ttl + " (expected: >= 0)");
          }
        });
    return new CacheRoutes(overrides, events);
  }

  /** Every GET route of the table, by group. */
  public static SequencedSet<String> templates() {
    return Collections.unmodifiableSequencedSet(ReadRoutes.BY_TEMPLATE.sequencedKeySet());
  }

  /** What is expected instead of this template, if no time may be set for it. */
  public static Optional<String> refusal(String template) {
    var route = ReadRoutes.BY_TEMPLATE.get(template);
    if (route == null) {
      return Optional.of(
          "a GET route as Discord's documentation has it"
              + Suggestion.of(template, ReadRoutes.BY_TEMPLATE.keySet()));
    }
    return route.group() == RouteGroup.SECRET
        ? Optional.of("no time: its answers hold secrets and are never kept")
        : Optional.empty();
  }

  /** What may be done with the answer to a GET. */
  public RouteRule ruleOf(ApiPath path, List<QueryParameter> query) {
    boolean counts = CacheKeys.canonicalQuery(query).stream().anyMatch(CacheRoutes::asksForCounts);
    return ReadRoutes.find(PathSegments.of(path))
        .map(found -> (counts ? countRules : rules).get(found.value().template()))
        .orElse(RouteRule.UNKNOWN);
  }

  /** Whether a GET of this path is one of the table. */
  public static boolean knows(ApiPath path) {
    return ReadRoutes.find(PathSegments.of(path)).isPresent();
  }

  /**
   * Whether the answers to a GET of this path may hold a token, or the path does: such are never
   * kept, whatever they say themselves.
   */
  public static boolean holdsSecrets(ApiPath path) {
    List<String> segments = PathSegments.of(path);
    return Tags.holdsToken(segments)
        || ReadRoutes.find(segments)
            .filter(found -> found.value().group() == RouteGroup.SECRET)
            .isPresent();
  }

  private static boolean asksForCounts(QueryParameter parameter) {
    return COUNTS.contains(parameter.name()) && parameter.value().equals("true");
  }

  /** Tags of the answer to a GET, but for {@link Tags#ALL} and that of its scope. */
  public List<String> tagsOf(ProxyRequest get) {
    return ReadRoutes.tagsOf(get);
  }

  /**
   * Tags of what a request may change, as far as it tells before its answer: to be bumped when it
   * is sent. Empty for a safe method, and for what changes nothing that could be stored.
   */
  public Set<String> bumpedBy(ProxyRequest request) {
    return isSafe(request.method()) ? Set.of() : WriteRoutes.bumpedBy(request);
  }

  /**
   * Tags of everything that a request has changed or may have: to be bumped before the answer is
   * passed on. Empty, too, if Discord refused it.
   */
  public Set<String> bumpedByAnswer(ProxyRequest request, ProxyResponse.Http answer) {
    if (isSafe(request.method())) {
      return Set.of();
    }
    if (OUTCOME_UNKNOWN.contains(answer.code())) {
      return bumpedWithoutAnswer(request);
    }
    if (answer.code() < 200 || answer.code() >= 400) {
      return Set.of();
    }
    var changed = new LinkedHashSet<>(WriteRoutes.bumpedBy(request, Told.by(answer.body())));
    changed.addAll(Located.tags(answer));
    return changed;
  }

  /** Tags of everything that a request may have changed whose answer is not known. */
  public Set<String> bumpedWithoutAnswer(ProxyRequest request) {
    return isSafe(request.method()) ? Set.of() : WriteRoutes.bumpedBy(request, Told.NOTHING);
  }

  private static boolean isSafe(HttpMethod method) {
    return SAFE.contains(method.name());
  }
}
