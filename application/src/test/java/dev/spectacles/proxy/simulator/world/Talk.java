package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API answers about messages, reactions and webhooks of channels. Nothing is told. */
final class Talk {
  private static final int LATEST = 50;

  private final World world;
  private final WorldRest rest;
  private final Messages messages = new Messages();
  private final Webhooks webhooks = new Webhooks();
  private final WebhookTalk webhookTalk;

  Talk(World world, WorldRest rest) {
    this.world = world;
    this.rest = rest;
    webhookTalk = new WebhookTalk(world, messages, webhooks);
  }

  /** Answer to a request; empty if it is about nothing of that. */
  Optional<RestAnswer> answer(Asked asked) {
    try {
      return switch (asked.part(0)) {
        case "channels" -> inChannel(asked);
        case "webhooks", "interactions" -> webhookTalk.answer(asked);
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      var message = "The request body contains invalid JSON.";
      return Optional.of(RestAnswer.error(400, 50109, message));
    }
  }

  /** A message, or that there was nothing in it. */
  static RestAnswer written(Optional<Map<String, Object>> message) {
    return message
        .map(RestAnswer::ok)
        .orElseGet(() -> RestAnswer.error(400, 50006, "Cannot send an empty message"));
  }

  static RestAnswer unknownMessage() {
    return RestAnswer.error(404, 10008, "Unknown Message");
  }

  static RestAnswer done() {
    return new RestAnswer(204, "");
  }

  private Optional<RestAnswer> inChannel(Asked asked) {
    var shape = asked.shape();
    if (!shape.matches("\\S+ /channels/#/(messages|webhooks)(/.*)?")) {
      return Optional.empty();
    }
    long channel = asked.number(1);
    var seen = rest.get("/channels/" + channel).orElseThrow();
    if (seen.status() != 200) {
      return Optional.of(seen);
    }
    return switch (shape.replaceFirst("/channels/#", "")) {
      case "POST /messages" -> {
        var author = copy(world.self);
        yield Optional.of(written(messages.create(channel, author, asked.form(), asked.millis())));
      }
      case "GET /messages" -> Optional.of(RestAnswer.ok(messages.latest(channel, LATEST)));
      case "POST /webhooks" -> {
        long webhook = messages.newId(asked.millis());
        var creator = copy(world.self);
        var fields = asked.form().fields();
        yield Optional.of(RestAnswer.ok(webhooks.create(webhook, channel, creator, fields)));
      }
      case "GET /webhooks" -> Optional.of(RestAnswer.ok(webhooks.of(channel)));
      default -> asked.parts().size() < 4 ? Optional.empty() : ofMessage(asked);
    };
  }

  private Optional<RestAnswer> ofMessage(Asked asked) {
    long channel = asked.number(1);
    var found = messages.find(channel, asked.number(3));
    if (found.isEmpty()) {
      return Optional.of(unknownMessage());
    }
    var message = found.get();
    return switch (asked.shape().replaceFirst("/channels/#/messages/#", "")) {
      case "GET " -> Optional.of(RestAnswer.ok(message));
      case "PATCH " -> {
        messages.edit(message, asked.form(), asked.millis());
        yield Optional.of(RestAnswer.ok(message));
      }
      case "DELETE " -> {
        messages.delete(channel, asked.number(3));
        yield Optional.of(done());
      }
      case "GET /reactions/*" -> {
        var users = new ArrayList<Object>();
        if (messages.hasReaction(message, asked.part(5))) {
          users.add(world.self);
        }
        yield Optional.of(RestAnswer.ok(List.copyOf(users)));
      }
      case "PUT /reactions/*/@me" -> {
        messages.react(message, asked.part(5), true);
        yield Optional.of(done());
      }
      case "DELETE /reactions/*/@me" -> {
        messages.react(message, asked.part(5), false);
        yield Optional.of(done());
      }
      default -> Optional.empty();
    };
  }
}
