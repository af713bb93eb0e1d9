package dev.spectacles.proxy.simulator.scenario;

import java.util.List;

/** Text form of routes and their hidden limits. */
final class RouteText {
  private RouteText() {}

  static TextLine write(RouteSpec route) {
    var line = TextLine.of("route").with("pattern", route.pattern().toText());
    switch (route.bucket()) {
      case RouteBucket.None() -> {}
      case RouteBucket.Hash(var hash, var counter) ->
          line.with("hash", hash).with("counter", counter);
      case RouteBucket.ByMessageAge(var young, var middle, var old) ->
          line.with("young", young).with("middle", middle).with("old", old);
    }
    return line.with("status", route.status());
  }

  static RouteSpec route(TextLine line) {
    return new RouteSpec(
        RoutePattern.parse(line.text("pattern")),
        bucket(line),
        List.of(),
        line.integer("status", 200));
  }

  private static RouteBucket bucket(TextLine line) {
    var hash = line.find("hash");
    if (hash.isPresent()) {
      return new RouteBucket.Hash(hash.get(), line.text("counter", hash.get()));
    }
    return line.find("young").isPresent()
        ? new RouteBucket.ByMessageAge(line.text("young"), line.text("middle"), line.text("old"))
        : new RouteBucket.None();
  }

  static TextLine write(RoutePattern route, HiddenLimit limit) {
    var line = TextLine.of("hidden").with("route", route.toText()).with("name", limit.name());
    limit.rate().writeTo(line);
    line.with("when", TextLine.nameOf(limit.when())).with("reach", TextLine.nameOf(limit.reach()));
    limit.namesBucket().ifPresent(hash -> line.with("names", hash));
    return line.with("code", limit.code());
  }

  static HiddenLimit hidden(TextLine line) {
    return new HiddenLimit(
        line.text("name"),
        Rate.from(line),
        line.constant("when", HiddenLimit.When.class, HiddenLimit.When.ALWAYS),
        line.constant("reach", HiddenLimit.Reach.class, HiddenLimit.Reach.TOKEN),
        line.find("names"),
        line.integer("code", 0));
  }
}
