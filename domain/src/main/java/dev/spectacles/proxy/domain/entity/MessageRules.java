package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.id;

import java.util.OptionalLong;

/** Messages and reactions: not kept themselves, but they tell of channels and members. */
final class MessageRules {
  private MessageRules() {}

  /** A message that only its reader sees is of no guild. */
  static Effect created(GatewayEvent event, Kept kept) throws InvalidEventException {
    if (Fields.isPrivate(event)) {
      return new Effect.None();
    }
    long message = id(event, "id");
    long channel = id(event, "channel_id");
    JsonObject author = event.data().object("author").orElse(JsonObject.EMPTY);
    JsonObject member = event.data().object("member").orElse(JsonObject.EMPTY);
    // A webhook's author is no user.
    OptionalLong user = event.data().has("webhook_id") ? OptionalLong.empty() : author.id("id");
    Touch touch = ChannelRules.either(event, channel);
    user.ifPresent(id -> touch.entity(EntityType.MEMBER, id));
    return touch.change(
        kept,
        view -> {
          ChannelRules.messageSent(view, channel, message);
          user.ifPresent(
              id -> {
                MemberRules.merge(view, id, member);
                Lasting.change(view, EntityType.MEMBER, id, at -> MemberRules.withUser(at, author));
              });
        });
  }

  static Effect reacted(GatewayEvent event, Kept kept) throws InvalidEventException {
    JsonObject member = event.data().object("member").orElse(JsonObject.EMPTY);
    if (Fields.isPrivate(event)) {
      return new Effect.None();
    }
    long user = id(event, "user_id");
    return Touch.of(event, Fields.guild(event))
        .entity(EntityType.MEMBER, user)
        .change(kept, view -> MemberRules.merge(view, user, member));
  }
}
