package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;
import java.util.OptionalInt;

/** Text form of everything in a scenario but its routes. */
final class ApiText {
  private ApiText() {}

  static TextLine write(ApiSpec api) {
    return TextLine.of("api")
        .with("root", api.root())
        .with("require-user-agent", api.requireUserAgent())
        .with("require-authorization", api.requireAuthorization())
        .with("echo-raw-body", api.echoRawBody())
        .with("interaction-lifetime", api.interactionLifetime());
  }

  static ApiSpec api(TextLine line) {
    var strict = ApiSpec.strict();
    return new ApiSpec(
        line.text("root", strict.root()),
        line.flag("require-user-agent", strict.requireUserAgent()),
        line.flag("require-authorization", strict.requireAuthorization()),
        line.flag("echo-raw-body", strict.echoRawBody()),
        line.duration("interaction-lifetime", strict.interactionLifetime()));
  }

  static TextLine write(ClockSpec clock) {
    return TextLine.of("clock")
        .with("skew", clock.skew())
        .with("drift-ppm", clock.driftPpm())
        .with("rounding", TextLine.nameOf(clock.rounding()))
        .with("retry-after-padding", clock.retryAfterPadding());
  }

  static ClockSpec clock(TextLine line) {
    return new ClockSpec(
        line.duration("skew", Duration.ZERO),
        line.decimal("drift-ppm", 0),
        line.constant("rounding", ClockSpec.Rounding.class, ClockSpec.Rounding.NEAREST),
        line.integer("retry-after-padding", 0));
  }

  static TextLine write(GlobalSpec global) {
    return global
        .rate()
        .writeTo(TextLine.of("global"))
        .with("authorized-interactions", global.countsAuthorizedInteractions());
  }

  static GlobalSpec global(TextLine line) {
    return new GlobalSpec(Rate.from(line), line.flag("authorized-interactions", false));
  }

  static TextLine write(InvalidSpec invalid) {
    return TextLine.of("invalid")
        .with("threshold", invalid.threshold())
        .with("window", invalid.window())
        .with("ban", invalid.ban())
        .with("answer", TextLine.nameOf(invalid.answer()))
        .with("retry-after", invalid.retryAfterHeader());
  }

  static InvalidSpec invalid(TextLine line) {
    var standard = InvalidSpec.standard();
    return new InvalidSpec(
        line.integer("threshold", standard.threshold()),
        line.duration("window", standard.window()),
        line.duration("ban", standard.ban()),
        line.constant("answer", InvalidSpec.BanAnswer.class, standard.answer()),
        line.flag("retry-after", standard.retryAfterHeader()));
  }

  static TextLine write(String stage, DelaySpec delay) {
    var line = TextLine.of("delay").with("stage", stage);
    delay.writeTo(line);
    return line;
  }

  /** The delays with the one stage replaced that the line describes. */
  static Delays delays(Delays delays, TextLine line) {
    var delay = DelaySpec.from(line);
    return switch (line.text("stage")) {
      case "forward" -> new Delays(delay, delays.processing(), delays.back());
      case "processing" -> new Delays(delays.forward(), delay, delays.back());
      case "return" -> new Delays(delays.forward(), delays.processing(), delay);
      default -> throw new IllegalArgumentException("delay stage: " + line.text("stage"));
    };
  }

  static TextLine write(TokenSpec token) {
    var line =
        TextLine.of("token")
            .with("authorization", token.authorization())
            .with("state", TextLine.nameOf(token.state()));
    token.globalLimit().ifPresent(limit -> line.with("global-limit", limit));
    return line;
  }

  static TokenSpec token(TextLine line) {
    var globalLimit = line.integer("global-limit", 0);
    return new TokenSpec(
        line.text("authorization"),
        line.constant("state", TokenSpec.State.class, TokenSpec.State.VALID),
        globalLimit == 0 ? OptionalInt.empty() : OptionalInt.of(globalLimit));
  }
}
