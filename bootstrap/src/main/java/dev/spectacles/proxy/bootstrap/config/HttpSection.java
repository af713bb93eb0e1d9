package dev.spectacles.proxy.bootstrap.config;

import static dev.spectacles.proxy.adapter.spi.ConfigKeys.flag;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.number;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.secret;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.text;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.bootstrap.config.Setting.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Declarations of the section {@code http}, and what they mean together. */
final class HttpSection {
  static final String NAME = "http";

  private static final String ADDR = NAME + ".addr";
  private static final String DEFAULT_TOKEN = NAME + ".default_token";
  private static final String TOKEN = "discord.token";

  private HttpSection() {}

  static List<Setting> all() {
    return List.of(
        setting(
            text(
                "addr",
                "",
                "Address on which Discord's REST API is served to callers over HTTP, such as"
                    + " 127.0.0.1:8080; without a host (:8080) to this machine alone, empty for not"
                    + " at all."),
            value -> {
              if (!((String) value).isBlank()) {
                ListenAddress.parseLocal((String) value);
              }
            }),
        setting(
            secret(
                "secret",
                "",
                "What callers over HTTP have to present as X-Spectacles-Secret, of at least 16"
                    + " characters; empty for nothing."),
            value -> {
              Rules.SECRET.check(value);
              if (!((String) value).isEmpty()) {
                Rules.HEADER_VALUE.check(value);
              }
            }),
        setting(
            flag(
                "open",
                false,
                "Whether http.addr may be one that others reach though there is no http.secret:"
                    + " whoever does sends requests through this proxy."),
            Rule.NONE),
        setting(
            flag(
                "default_token",
                false,
                "Whether requests over HTTP that bring no Authorization are sent with"
                    + " discord.token, where their route wants a token."),
            Rule.NONE),
        setting(
            number(
                "max_body_bytes",
                32L << 20,
                1,
                1L << 30,
                "Largest body of a request over HTTP; broker.max_held_bytes bounds it as well."),
            Rule.NONE),
        setting(
            number(
                "max_connections",
                10_000,
                1,
                1_000_000,
                "Most connections over HTTP at a time; a request that waits has one to itself."),
            Rule.NONE));
  }

  /** What cannot be served like this. */
  static List<Problem> judge(Map<String, Resolved> values) {
    Resolved addr = values.get(ADDR);
    var problems = new ArrayList<Problem>();
    if (addr == null || addr.text().isBlank()) {
      return problems;
    }
    if (isReachable(addr.text())
        && isEmpty(values.get(NAME + ".secret"))
        && isFalse(values.get(NAME + ".open"))) {
      problems.add(
          Problem.at(
              addr.origin(),
              "http.addr: %s (expected: an address of this machine such as 127.0.0.1:8080; or"
                      .formatted(addr.text())
                  + " http.secret; or http.open = true, with which whoever reaches it sends"
                  + " requests through this proxy)"));
    }
    Resolved token = values.get(TOKEN);
    Resolved defaultToken = values.get(DEFAULT_TOKEN);
    if (token != null && defaultToken != null && !isFalse(defaultToken)) {
      if (isEmpty(token)) {
        problems.add(
            Problem.at(
                defaultToken.origin(),
                "discord.token: \"\" (expected: a bot's token, as http.default_token is true)"));
      } else if (!token.text().strip().matches("[!-~]+|(?:Bot|Bearer) [!-~]+")) {
        problems.add(
            Problem.at(
                token.origin(),
                "discord.token: \"***\" (expected: a bot's token, printable ASCII without"
                    + " spaces)"));
      }
    }
    return problems;
  }

  /** What is set by somebody who probably expects it to have an effect. */
  static List<String> notes(Map<String, Resolved> values) {
    var notes = new ArrayList<String>();
    boolean off = isEmpty(values.get(ADDR));
    for (Resolved value : values.values()) {
      if (off && value.setting().section().equals(NAME) && !value.isDefault()) {
        notes.add(
            "%s (%s) has no effect: http.addr is empty"
                .formatted(value.setting().path(), value.origin()));
      }
    }
    Resolved token = values.get(TOKEN);
    // In the environment it may well be somebody else's.
    if (token != null
        && token.origin() instanceof Origin.File
        && (off || isFalse(values.get(DEFAULT_TOKEN)))) {
      notes.add(
          "discord.token (%s) has no effect: http.default_token is false or http.addr is empty"
              .formatted(token.origin()));
    }
    return notes;
  }

  /** Section of these values, if anything is to be served. */
  static Optional<Config.Http> build(SectionValues http, Optional<String> token)
      throws BadValueException {
    Optional<String> address = http.text("addr").filter(text -> !text.isBlank());
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Config.Http(
            ListenAddress.parseLocal(address.get()),
            http.text("secret"),
            token.filter(it -> http.flag("default_token")).map(HttpSection::authorization),
            (int) http.number("max_body_bytes"),
            (int) http.number("max_connections")));
  }

  private static String authorization(String token) {
    String stripped = token.strip();
    return stripped.startsWith("Bot ") || stripped.startsWith("Bearer ")
        ? stripped
        : "Bot " + stripped;
  }

  private static boolean isReachable(String address) {
    try {
      return !ListenAddress.parseLocal(address).isLoopback();
    } catch (BadValueException e) {
      // Its rule says so.
      return false;
    }
  }

  private static boolean isEmpty(@Nullable Resolved value) {
    return value == null || value.text().isBlank();
  }

  private static boolean isFalse(@Nullable Resolved value) {
    return value == null || value.value().equals(false);
  }

  private static Setting setting(ConfigKeys.Key key, Rule rule) {
    return new Setting(NAME, key, List.of(), rule, false);
  }
}
