package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.id;
import static dev.spectacles.proxy.simulator.world.JsonText.object;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the API answers to webhooks, and to interactions, whose tokens are those of a webhook of the
 * application. An interaction is known by its first callback; all are in one channel.
 */
final class WebhookTalk {
  private static final int MESSAGE = 4;

  private final World world;
  private final Messages messages;
  private final Webhooks webhooks;

  /** First answers of interactions by their tokens; 0 where none was written. */
  private final Map<String, Long> originals = new HashMap<>();

  WebhookTalk(World world, Messages messages, Webhooks webhooks) {
    this.world = world;
    this.messages = messages;
    this.webhooks = webhooks;
  }

  Optional<RestAnswer> answer(Asked asked) {
    return switch (asked.shape()) {
      case "POST /interactions/#/*/callback" -> Optional.of(callback(asked));
      case "GET /webhooks/#", "PATCH /webhooks/#", "DELETE /webhooks/#" ->
          Optional.of(itself(asked, webhooks.find(asked.number(1))));
      case "GET /webhooks/#/*", "PATCH /webhooks/#/*", "DELETE /webhooks/#/*" ->
          Optional.of(itself(asked, webhooks.find(asked.number(1), asked.part(2))));
      case "POST /webhooks/#/*" -> Optional.of(execute(asked));
      case "GET /webhooks/#/*/messages/#",
          "PATCH /webhooks/#/*/messages/#",
          "DELETE /webhooks/#/*/messages/#" ->
          Optional.of(ofMessage(asked, asked.number(4)));
      case "GET /webhooks/#/*/messages/@original",
          "PATCH /webhooks/#/*/messages/@original",
          "DELETE /webhooks/#/*/messages/@original" ->
          Optional.of(ofMessage(asked, originals.getOrDefault(asked.part(2), 0L)));
      default -> Optional.empty();
    };
  }

  private RestAnswer callback(Asked asked) {
    var token = asked.part(2);
    if (originals.containsKey(token)) {
      var message = "Interaction has already been acknowledged.";
      return RestAnswer.error(400, 40060, message);
    }
    var form = asked.form();
    int type = Integer.parseInt(form.fields().getOrDefault("type", 0).toString());
    long original = 0;
    var resource = object("type", type);
    if (type == MESSAGE && form.fields().get("data") instanceof Map<?, ?> data) {
      @SuppressWarnings("unchecked")
      var says = new Form((Map<String, Object>) data, form.files());
      var message = messages.create(interactions(), world.self, says, asked.millis());
      if (message.isEmpty()) {
        return Talk.written(message);
      }
      original = Long.parseLong((String) message.get().get("id"));
      message.get().put("webhook_id", id(world.app()));
      resource.put("message", message.get());
    }
    originals.put(token, original);
    if (!asked.says("with_response=true")) {
      return Talk.done();
    }
    var interaction = object("id", asked.part(1), "type", 2, "response_message_id", id(original));
    return RestAnswer.ok(object("interaction", interaction, "resource", resource));
  }

  private RestAnswer itself(Asked asked, Optional<Map<String, Object>> webhook) {
    if (webhook.isEmpty()) {
      return unknown();
    }
    var found = webhook.get();
    if (asked.method().equals("DELETE")) {
      webhooks.delete(found);
      return Talk.done();
    }
    if (asked.method().equals("PATCH")) {
      found.put("name", asked.form().fields().getOrDefault("name", found.get("name")));
    }
    return RestAnswer.ok(found);
  }

  private RestAnswer execute(Asked asked) {
    var form = asked.form();
    if (originals.containsKey(asked.part(2))) {
      var said = messages.create(interactions(), world.self, form, asked.millis());
      said.ifPresent(message -> message.put("webhook_id", asked.part(1)));
      return Talk.written(said);
    }
    var webhook = webhooks.find(asked.number(1), asked.part(2));
    if (webhook.isEmpty()) {
      return unknown();
    }
    var author = Webhooks.author(webhook.get(), form.fields());
    var said = messages.create(channelOf(webhook.get()), author, form, asked.millis());
    said.ifPresent(message -> message.put("webhook_id", asked.part(1)));
    return said.isPresent() && !asked.says("wait=true") ? Talk.done() : Talk.written(said);
  }

  /** Reads, changes or deletes a message that was written with the same token. */
  private RestAnswer ofMessage(Asked asked, long which) {
    boolean interaction = originals.containsKey(asked.part(2));
    var webhook = webhooks.find(asked.number(1), asked.part(2));
    if (!interaction && webhook.isEmpty()) {
      return unknown();
    }
    long channel = interaction ? interactions() : channelOf(webhook.orElseThrow());
    var message =
        messages
            .find(channel, which)
            .filter(found -> asked.part(1).equals(found.get("webhook_id")));
    if (message.isEmpty()) {
      return Talk.unknownMessage();
    }
    if (asked.method().equals("DELETE")) {
      messages.delete(channel, which);
      return Talk.done();
    }
    if (asked.method().equals("PATCH")) {
      messages.edit(message.get(), asked.form(), asked.millis());
    }
    return RestAnswer.ok(message.get());
  }

  /** The channel in which interactions are: the first one of text. */
  private long interactions() {
    return world.guilds.values().stream()
        .flatMap(guild -> guild.channels(Shapes.TEXT).stream())
        .findFirst()
        .orElseThrow();
  }

  private static long channelOf(Map<String, Object> webhook) {
    return Long.parseLong((String) webhook.get("channel_id"));
  }

  private static RestAnswer unknown() {
    return RestAnswer.error(404, 10015, "Unknown Webhook");
  }
}
