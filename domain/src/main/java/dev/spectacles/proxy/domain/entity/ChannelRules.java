package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.Fields.guild;
import static dev.spectacles.proxy.domain.entity.Fields.id;
import static dev.spectacles.proxy.domain.entity.Fields.withGuild;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Channels and stages. */
final class ChannelRules {
  /** Channel that the bot may not see, of which Discord tells where it stands and no more. */
  private static final long HIDDEN = 1 << 17;

  private static final String LAST_MESSAGE = "last_message_id";
  private static final String LAST_PIN = "last_pin_timestamp";
  private static final String CHANNEL = "channel_id";

  private ChannelRules() {}

  /** In place of what was known: what is told no more may not be seen any more. */
  static Effect told(GatewayEvent event, Kept kept) throws InvalidEventException {
    if (Fields.isPrivate(event)) {
      return new Effect.None();
    }
    long guild = guild(event);
    long id = id(event, "id");
    JsonObject channel = withGuild(event.data(), guild);
    Touch touch = Touch.of(event, guild).entity(EntityType.CHANNEL, id);
    if (isHidden(channel)) {
      return touch
          .entity(EntityType.STAGE, id)
          .entity(EntityType.CHANNEL_INFO, id)
          .all(EntityType.THREAD)
          .change(
              kept,
              view -> {
                Lasting.put(view, EntityType.CHANNEL, id, channel);
                removeWithin(view, id);
              });
    }
    return touch.change(
        kept,
        view ->
            Lasting.put(
                view,
                EntityType.CHANNEL,
                id,
                Fields.keeping(
                    channel,
                    view.get(EntityType.CHANNEL, id).filter(older -> !isHidden(older)),
                    List.of(LAST_MESSAGE))));
  }

  static boolean isHidden(JsonObject channel) {
    return (channel.number("flags").orElse(0) & HIDDEN) != 0;
  }

  static Effect deleted(GatewayEvent event, Kept kept) throws InvalidEventException {
    if (Fields.isPrivate(event)) {
      return new Effect.None();
    }
    long id = id(event, "id");
    return Touch.of(event, guild(event))
        .entity(EntityType.CHANNEL, id)
        .entity(EntityType.STAGE, id)
        .entity(EntityType.CHANNEL_INFO, id)
        .all(EntityType.THREAD)
        .change(
            kept,
            view -> {
              Lasting.delete(view, EntityType.CHANNEL, id, event);
              removeWithin(view, id);
            });
  }

  /** Removes what only those know who see the channel. */
  private static void removeWithin(GuildView view, long channel) {
    view.remove(EntityType.STAGE, channel);
    view.remove(EntityType.CHANNEL_INFO, channel);
    ThreadRules.removeOf(view, channel);
  }

  static Effect pinned(GatewayEvent event, Kept kept) throws InvalidEventException {
    Optional<Json> at = event.data().get(LAST_PIN);
    if (Fields.isPrivate(event) || at.isEmpty()) {
      return new Effect.None();
    }
    long id = id(event, CHANNEL);
    return either(event, id)
        .change(kept, view -> changeEither(view, id, channel -> channel.with(LAST_PIN, at.get())));
  }

  /** Channel or thread of this id, whichever it is. */
  static Touch either(GatewayEvent event, long id) throws InvalidEventException {
    return Touch.of(event, guild(event))
        .entity(EntityType.CHANNEL, id)
        .entity(EntityType.THREAD, id);
  }

  /** Remembers a message as the channel's or thread's last, unless there is a later one. */
  static void messageSent(GuildView view, long channel, long message) {
    changeEither(view, channel, at -> withLastMessage(at, message));
  }

  static JsonObject withLastMessage(JsonObject channel, long message) {
    OptionalLong last = channel.id(LAST_MESSAGE);
    return last.isPresent() && Long.compareUnsigned(last.getAsLong(), message) >= 0
        ? channel
        : channel.with(LAST_MESSAGE, JsonScalar.ofId(message));
  }

  private static void changeEither(GuildView view, long id, UnaryOperator<JsonObject> change) {
    Lasting.change(view, EntityType.CHANNEL, id, change);
    Lasting.change(view, EntityType.THREAD, id, change);
  }

  /** Status of several voice channels, which Discord does not count among their fields. */
  static Effect infosTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    return infos(event, event.data().objects("channels"), kept);
  }

  static Effect infoTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    return infos(event, List.of(event.data()), kept);
  }

  private static Effect infos(GatewayEvent event, List<JsonObject> told, Kept kept)
      throws InvalidEventException {
    long guild = guild(event);
    Touch touch = Touch.of(event, guild);
    for (JsonObject info : told) {
      touch.entity(EntityType.CHANNEL_INFO, id(event, info, "id"));
    }
    return touch.change(
        kept,
        view -> {
          for (JsonObject info : told) {
            long id = info.id("id").orElseThrow();
            if (!view.isBuried(EntityType.CHANNEL, id)) {
              view.put(
                  EntityType.CHANNEL_INFO,
                  id,
                  view.get(EntityType.CHANNEL_INFO, id)
                      .orElse(JsonObject.EMPTY)
                      .mergedWith(withGuild(info, guild)));
            }
          }
        });
  }

  /** A channel may have one stage after another: what is deleted is known by the stage's own id. */
  static Effect stageTold(GatewayEvent event, Kept kept) throws InvalidEventException {
    long channel = id(event, CHANNEL);
    long stage = id(event, "id");
    return Touch.of(event, guild(event))
        .entity(EntityType.STAGE, channel)
        .change(
            kept,
            view -> {
              boolean late =
                  view.get(EntityType.STAGE, channel)
                      .map(there -> there.id("id").orElse(0))
                      .filter(there -> Long.compareUnsigned(there, stage) > 0)
                      .isPresent();
              if (!late
                  && !view.isBuried(EntityType.STAGE, stage)
                  && !view.isBuried(EntityType.CHANNEL, channel)) {
                view.put(EntityType.STAGE, channel, event.data());
              }
            });
  }

  static Effect stageDeleted(GatewayEvent event, Kept kept) throws InvalidEventException {
    long channel = id(event, CHANNEL);
    long stage = id(event, "id");
    return Touch.of(event, guild(event))
        .entity(EntityType.STAGE, channel)
        .change(
            kept,
            view -> {
              boolean there =
                  view.get(EntityType.STAGE, channel)
                      .filter(at -> at.id("id").orElse(0) == stage)
                      .isPresent();
              if (there) {
                view.remove(EntityType.STAGE, channel);
              }
              Lasting.bury(view, EntityType.STAGE, stage, event);
            });
  }
}
