package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.RouteBucket;
import dev.spectacles.proxy.simulator.scenario.RoutePattern;
import dev.spectacles.proxy.simulator.scenario.RouteSpec;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds a request's route: the first listed one that matches, or one made up from the path. */
final class RouteTable {
  static final String DEFAULT_HASH_PREFIX = "default-";

  private static final Map<String, String> TOP_LEVEL =
      Map.of("channels", "channel_id", "guilds", "guild_id", "webhooks", "webhook_id");
  private static final Set<String> MAJOR = Set.copyOf(TOP_LEVEL.values());

  private final List<RouteSpec> routes;
  private final boolean unlistedHaveBuckets;

  RouteTable(Scenario scenario) {
    routes = new ArrayList<>(scenario.routes());
    unlistedHaveBuckets = scenario.defaultRate().isPresent();
  }

  Route find(String method, ApiPath path) {
    for (var spec : routes) {
      var parameters = spec.pattern().match(method, path.segments());
      if (parameters.isPresent()) {
        return route(spec, parameters.get());
      }
    }
    return unlisted(method, path);
  }

  void setHash(RoutePattern pattern, String hash) {
    var bucket = new RouteBucket.Hash(hash, hash);
    for (int i = 0; i < routes.size(); i++) {
      if (routes.get(i).pattern().equals(pattern)) {
        routes.set(i, routes.get(i).withBucket(bucket));
        return;
      }
    }
    routes.add(new RouteSpec(pattern, bucket, List.of(), 200));
  }

  private Route unlisted(String method, ApiPath path) {
    var template = new ArrayList<String>();
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i < path.segments().size(); i++) {
      var segment = path.segment(i);
      var name = i == 1 ? TOP_LEVEL.getOrDefault(path.segment(0), "id") : "id";
      var webhookToken = i == 2 && path.segment(0).equals("webhooks");
      if (webhookToken) {
        name = "webhook_token";
      }
      if (webhookToken || segment.chars().allMatch(Character::isDigit)) {
        parameters.putIfAbsent(name, segment);
        template.add("{" + name + "}");
      } else {
        template.add(segment);
      }
    }
    var pattern = new RoutePattern(method, template);
    var hash = DEFAULT_HASH_PREFIX + TokenId.of(pattern.toText());
    var bucket = unlistedHaveBuckets ? new RouteBucket.Hash(hash, hash) : new RouteBucket.None();
    return route(new RouteSpec(pattern, bucket, List.of(), 200), parameters);
  }

  private static Route route(RouteSpec spec, Map<String, String> parameters) {
    return new Route(spec.bucket(), spec.hidden(), spec.status(), parameters, major(parameters));
  }

  private static String major(Map<String, String> parameters) {
    for (var parameter : parameters.entrySet()) {
      if (MAJOR.contains(parameter.getKey())) {
        var token = parameters.getOrDefault("webhook_token", "");
        return token.isEmpty()
            ? parameter.getValue()
            : parameter.getValue() + "/" + TokenId.of(token);
      }
    }
    return "";
  }
}
