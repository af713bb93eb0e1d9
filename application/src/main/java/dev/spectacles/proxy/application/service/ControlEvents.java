package dev.spectacles.proxy.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.entity.GatewayEvent;
import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import dev.spectacles.proxy.domain.entity.Lessons;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What instances tell whoever keeps the gateway's events, among these: so that one writes, and all
 * is written in one order.
 */
final class ControlEvents {
  /** Name they are published under, behind the prefix; none of Discord's. */
  static final String NAME = "SPECTACLES_CACHE";

  /** How long a broker keeps them: as long as gateways leave their events there. */
  static final Duration USEFUL = Duration.ofHours(1);

  /** What is told. */
  sealed interface Control {
    /** Discord's answer teaches what these events would have told. */
    record Learn(List<GatewayEvent> events) implements Control {}

    /** Nothing of a guild is to be kept. */
    record PurgeGuild(long guild) implements Control {}

    /** Nothing of a user is to be kept. */
    record PurgeUser(long user) implements Control {}
  }

  private ControlEvents() {}

  static byte[] purgeGuild(long guild) {
    return text("{\"op\":\"purge_guild\",\"id\":\"" + Long.toUnsignedString(guild) + "\"}");
  }

  static byte[] purgeUser(long user) {
    return text("{\"op\":\"purge_user\",\"id\":\"" + Long.toUnsignedString(user) + "\"}");
  }

  /**
   * An answer that {@link Lessons} knows.
   *
   * @param sent when its request was
   */
  static byte[] learn(ProxyRequest request, ProxyResponse.Http answer, Instant sent) {
    var event = new ByteArrayOutputStream();
    event.writeBytes(
        text(
            "{\"op\":\"learn\",\"method\":\"%s\",\"path\":\"%s\",\"code\":%d,\"sent\":%d,\"body\":"
                .formatted(
                    request.method().name(),
                    request.path().value(),
                    answer.code(),
                    sent.toEpochMilli())));
    event.writeBytes(answer.body().isEmpty() ? text("null") : answer.body().bytes());
    event.writeBytes(text("}"));
    return event.toByteArray();
  }

  /** What such an event tells. */
  static Control read(JsonObject event) throws InvalidEventException {
    return switch (event.text("op").orElse("")) {
      case "purge_guild" -> new Control.PurgeGuild(id(event));
      case "purge_user" -> new Control.PurgeUser(id(event));
      case "learn" -> new Control.Learn(lessons(event));
      default -> throw new InvalidEventException("op: unknown");
    };
  }

  private static long id(JsonObject event) throws InvalidEventException {
    return event.id("id").orElseThrow(() -> new InvalidEventException("id: none"));
  }

  private static List<GatewayEvent> lessons(JsonObject event) throws InvalidEventException {
    try {
      return Lessons.of(
          HttpMethod.parse(event.text("method").orElse("")),
          ApiPath.parse(event.text("path").orElse("")),
          (int) event.number("code").orElse(0),
          event.get("body").orElse(JsonScalar.NULL),
          event.number("sent").orElse(0));
    } catch (InvalidRequestException e) {
      throw new InvalidEventException("a lesson without its route");
    }
  }

  private static byte[] text(String json) {
    return json.getBytes(UTF_8);
  }
}
