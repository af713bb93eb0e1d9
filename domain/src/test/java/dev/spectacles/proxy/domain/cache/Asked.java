package dev.spectacles.proxy.domain.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and answers of the tests. */
final class Asked {
  static final String GUILD = "175928847299117063";
  static final String CHANNEL = "275928847299117063";
  static final String PARENT = "375928847299117063";
  static final String USER = "475928847299117063";
  static final String BOT = "575928847299117063";
  static final String OTHER_BOT = "675928847299117063";
  static final String MESSAGE = "775928847299117063";

  private static final Map<String, String> PARAMETERS =
      Map.of(
          "guild_id", GUILD,
          "channel_id", CHANNEL,
          "user_id", USER,
          "message_id", MESSAGE,
          "code", "aCode",
          "emoji_name", "%F0%9F%94%A5",
          "webhook_token", "aWebhookToken",
          "interaction_token", "anInteractionToken",
          "instance_id", "i-123-gc-456");

  private Asked() {}

  static ProxyRequest get(String path) {
    return request("GET", path, BOT, "");
  }

  static ProxyRequest get(String path, String bot) {
    return request("GET", path, bot, "");
  }

  static ProxyRequest request(String method, String path, String bot, String body) {
    return new ProxyRequest(
        new HttpMethod(method),
        path(path),
        List.of(),
        bot.isEmpty() ? Headers.empty() : Headers.of(Map.of("Authorization", token(bot))),
        Body.of(body),
        Optional.empty());
  }

  static ProxyRequest with(ProxyRequest request, Headers headers, QueryParameter... query) {
    return new ProxyRequest(
        request.method(),
        request.path(),
        List.of(query),
        headers,
        request.body(),
        request.timeout());
  }

  static String token(String bot) {
    return "Bot "
        + Base64.getUrlEncoder().withoutPadding().encodeToString(bot.getBytes(US_ASCII))
        + ".GabcDE.notARealTokenNotARealTokenNotAReal";
  }

  static ApiPath path(String text) {
    try {
      return ApiPath.parse(text);
    } catch (InvalidRequestException e) {
      throw new AssertionError(text, e);
    }
  }

  /** Path of this template, each parameter with its usual value. */
  static String filled(String template) {
    var path = new StringBuilder();
    for (String segment : template.substring(1).split("/")) {
      path.append('/')
          .append(
              segment.startsWith("{")
                  ? PARAMETERS.getOrDefault(
                      segment.substring(1, segment.length() - 1), "975928847299117063")
                  : segment);
    }
    return path.toString();
  }

  static ProxyResponse.Http answer(int code, String body) {
    return new ProxyResponse.Http(code, Headers.empty(), "https://discord.com/", Body.of(body));
  }
}
