package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/** Text form of a {@link Change}: its keyword says which one it is. */
final class ChangeText {
  private ChangeText() {}

  static TextLine write(Change change) {
    return switch (change) {
      case Change.SetLimit(var hash, var limit) ->
          TextLine.of("limit").with("hash", hash).with("limit", limit);
      case Change.SetWindow(var hash, var window) ->
          TextLine.of("window").with("hash", hash).with("window", window);
      case Change.SetModel(var hash, var model) ->
          TextLine.of("model").with("hash", hash).with("model", TextLine.nameOf(model));
      case Change.SetBucket(var bucket) ->
          bucket.rate().writeTo(TextLine.of("bucket").with("hash", bucket.hash()));
      case Change.SetHash(var route, var hash) ->
          TextLine.of("hash").with("route", route.toText()).with("hash", hash);
      case Change.SetGlobalModel(var model) ->
          TextLine.of("global-model").with("model", TextLine.nameOf(model));
      case Change.SetGlobalLimit(var authorization, var limit) ->
          TextLine.of("global-limit").with("authorization", authorization).with("limit", limit);
      case Change.SetToken(var authorization, var state) ->
          TextLine.of("token")
              .with("authorization", authorization)
              .with("state", TextLine.nameOf(state));
      case Change.Forbid(var route, var forbidden) ->
          TextLine.of("forbid").with("route", route.toText()).with("on", forbidden);
      case Change.Remove(var route, var removed) ->
          TextLine.of("remove").with("route", route.toText()).with("on", removed);
      case Change.DeleteWebhook(var id) -> TextLine.of("delete-webhook").with("id", id);
      case Change.Ban(var ip, var length) ->
          TextLine.of("ban").with("ip", ip).with("length", length);
      case Change.AddFault(var fault) -> fault.writeTo(TextLine.of("fault"));
      case Change.ClearFaults() -> TextLine.of("clear-faults");
    };
  }

  static Change read(TextLine line) {
    var change = readUnchecked(line);
    line.done();
    return change;
  }

  private static Change readUnchecked(TextLine line) {
    return switch (line.keyword()) {
      case "limit" -> new Change.SetLimit(line.text("hash"), Math.toIntExact(line.number("limit")));
      case "window" -> new Change.SetWindow(line.text("hash"), line.duration("window"));
      case "model" -> new Change.SetModel(line.text("hash"), model(line));
      case "bucket" -> new Change.SetBucket(new BucketSpec(line.text("hash"), Rate.from(line)));
      case "hash" -> new Change.SetHash(route(line), line.text("hash"));
      case "global-model" -> new Change.SetGlobalModel(model(line));
      case "global-limit" ->
          new Change.SetGlobalLimit(
              line.text("authorization"), Math.toIntExact(line.number("limit")));
      case "token" ->
          new Change.SetToken(
              line.text("authorization"),
              line.constant("state", TokenSpec.State.class, TokenSpec.State.VALID));
      case "forbid" -> new Change.Forbid(route(line), line.flag("on", true));
      case "remove" -> new Change.Remove(route(line), line.flag("on", true));
      case "delete-webhook" -> new Change.DeleteWebhook(line.text("id"));
      case "ban" -> new Change.Ban(line.text("ip"), line.duration("length", Duration.ofHours(1)));
      case "fault" -> new Change.AddFault(FaultSpec.from(line));
      case "clear-faults" -> new Change.ClearFaults();
      default -> throw new IllegalArgumentException("unknown change: " + line.keyword());
    };
  }

  private static RoutePattern route(TextLine line) {
    return RoutePattern.parse(line.text("route"));
  }

  private static RateModel model(TextLine line) {
    return line.constant("model", RateModel.class, RateModel.FIXED);
  }
}
