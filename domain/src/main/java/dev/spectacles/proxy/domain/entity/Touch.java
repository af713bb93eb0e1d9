package dev.spectacles.proxy.domain.entity;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What an event looks at and changes in a guild, told before it does. All that is put or removed
 * has to be told, as it is counted.
 */
final class Touch {
  private final GatewayEvent event;
  private final long guild;
  private final Set<EntityKey> entities = new HashSet<>();
  private final Set<EntityType> types = EnumSet.noneOf(EntityType.class);
  private final Set<EntityType> replaced = EnumSet.noneOf(EntityType.class);

  private Touch(GatewayEvent event, long guild) {
    this.event = event;
    this.guild = guild;
  }

  static Touch of(GatewayEvent event, long guild) {
    return new Touch(event, guild);
  }

  /** Such an entity. */
  Touch entity(EntityType type, long id) {
    entities.add(new EntityKey(guild, type, id));
    return this;
  }

  /** All of a type. */
  Touch all(EntityType type) {
    types.add(type);
    return this;
  }

  /** All of a type, without a look at what is there. */
  Touch replaced(EntityType type) {
    replaced.add(type);
    return this;
  }

  /**
   * Change of a guild that is known: one that was never told as a whole is not kept in parts.
   * Nothing if it is about types only that are not kept.
   */
  Effect change(Kept kept, Consumer<GuildView> change) {
    boolean concerned =
        entities.stream().map(EntityKey::type).anyMatch(kept::has)
            || types.stream().anyMatch(kept::has)
            || replaced.stream().anyMatch(kept::has);
    if (!concerned) {
      return new Effect.None();
    }
    return changeOfAny(
        kept,
        view -> {
          if (view.state().syncedMillis() > 0) {
            change.accept(view);
            view.note(view.state().at(event.millis()));
          }
        });
  }

  /** Change of a guild, be it known or not. */
  Effect changeOfAny(Kept kept, Consumer<GuildView> change) {
    Set<EntityKey> looked =
        entities.stream()
            .filter(key -> kept.has(key.type()) && !types.contains(key.type()))
            .collect(Collectors.toSet());
    Set<EntityType> all = types.stream().filter(kept::has).collect(Collectors.toSet());
    return new Effect.OnGuild(guild, looked, all, view -> change.accept(new KeptView(view, kept)));
  }
}
