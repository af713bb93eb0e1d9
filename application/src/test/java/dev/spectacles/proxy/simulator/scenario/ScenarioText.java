package dev.spectacles.proxy.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Text form of a {@link Scenario}. Lines may come in any order; left out ones have defaults. */
final class ScenarioText {
  private ScenarioText() {}

  static String write(Scenario scenario) {
    var lines = new ArrayList<TextLine>();
    lines.add(
        TextLine.of("scenario")
            .with("name", scenario.name())
            .with("seed", scenario.seed())
            .with("ledger", scenario.ledgerCapacity()));
    lines.add(ApiText.write(scenario.api()));
    lines.add(ApiText.write(scenario.clock()));
    lines.add(ApiText.write(scenario.global()));
    lines.add(ApiText.write(scenario.invalid()));
    lines.add(ApiText.write("forward", scenario.delays().forward()));
    lines.add(ApiText.write("processing", scenario.delays().processing()));
    lines.add(ApiText.write("return", scenario.delays().back()));
    for (var bucket : scenario.buckets()) {
      lines.add(bucket.rate().writeTo(TextLine.of("bucket").with("hash", bucket.hash())));
    }
    for (var route : scenario.routes()) {
      lines.add(RouteText.write(route));
      route.hidden().forEach(limit -> lines.add(RouteText.write(route.pattern(), limit)));
    }
    scenario.defaultRate().ifPresent(rate -> lines.add(rate.writeTo(TextLine.of("default"))));
    scenario.tokens().forEach(token -> lines.add(ApiText.write(token)));
    new TreeMap<>(scenario.webhookChannels())
        .forEach(
            (id, channel) ->
                lines.add(TextLine.of("webhook").with("id", id).with("channel", channel)));
    scenario.faults().forEach(fault -> lines.add(fault.writeTo(TextLine.of("fault"))));
    for (var step : scenario.script()) {
      lines.add(TextLine.of("at").with("time", step.at()).with("change", step.change().toText()));
    }
    scenario.world().ifPresent(world -> lines.add(world.write()));
    return lines.stream().map(TextLine::toText).collect(Collectors.joining("\n", "", "\n"));
  }

  static Scenario read(String text) {
    var lines = lines(text);
    var builder =
        Scenario.builder(
            lines.stream()
                .filter(line -> line.keyword().equals("scenario"))
                .findFirst()
                .map(line -> line.text("name"))
                .orElseThrow(() -> new IllegalArgumentException("no line starts with scenario")));
    var delays = Delays.none();
    for (var line : lines) {
      delays = line.keyword().equals("delay") ? ApiText.delays(delays, line) : delays;
      read(line, builder);
      line.done();
    }
    return builder.delays(delays).build();
  }

  private static List<TextLine> lines(String text) {
    return text.lines()
        .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
        .map(TextLine::parse)
        .toList();
  }

  private static void read(TextLine line, ScenarioBuilder builder) {
    switch (line.keyword()) {
      case "scenario" -> {
        builder.seed(line.number("seed", 1));
        builder.ledgerCapacity(line.integer("ledger", Scenario.DEFAULT_LEDGER_CAPACITY));
      }
      case "api" -> builder.api(ApiText.api(line));
      case "clock" -> builder.clock(ApiText.clock(line));
      case "global" -> builder.global(ApiText.global(line));
      case "invalid" -> builder.invalid(ApiText.invalid(line));
      case "delay" -> {}
      case "bucket" -> builder.bucket(line.text("hash"), Rate.from(line));
      case "route" -> builder.route(RouteText.route(line));
      case "hidden" -> builder.hidden(line.text("route"), RouteText.hidden(line));
      case "default" -> builder.defaultRate(Rate.from(line));
      case "token" -> builder.token(ApiText.token(line));
      case "webhook" -> builder.webhook(line.text("id"), line.text("channel"));
      case "fault" -> builder.fault(FaultSpec.from(line));
      case "world" -> builder.world(WorldSpec.from(line));
      case "at" -> builder.at(line.duration("time"), Change.parse(line.text("change")));
      default -> throw new IllegalArgumentException("unknown line: " + line.keyword());
    }
  }
}
