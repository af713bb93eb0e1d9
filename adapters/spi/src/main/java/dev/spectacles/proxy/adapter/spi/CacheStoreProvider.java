package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import java.util.Optional;

/**
 * Makes stores of answers, and of entities that the gateway told of, of one type, such as {@code
 * memory}.
 *
 * <p>Named in {@code META-INF/services} and chosen by {@code cache.rest.store} and {@code
 * cache.gateway.store}. It reads the section of the configuration with the type's name, which it
 * may share with the broker of that name.
 */
public interface CacheStoreProvider {
  /** Name in the configuration. */
  String type();

  /**
   * Every key of the section with this type's name, for validation and {@code check}; the very same
   * as those of the broker of that name, if there is one.
   */
  ConfigKeys keys();

  /**
   * Tells in a few words where the answers lie; judges what the types of the keys do not say.
   * Called for the chosen type only.
   *
   * @throws IllegalArgumentException if a value cannot be used; the message starts with the key's
   *     path and a colon, such as {@code redis.url:}, and shows no secret
   */
  String describe(ConfigSection section);

  /** Store that works as soon as what it needs can be reached; does not wait for that. */
  ResponseStore open(CacheStoreContext context);

  /** Whether {@link #openEntities} opens one: such a type can be chosen for entities, too. */
  default boolean keepsEntities() {
    return false;
  }

  /**
   * Store of entities that works as soon as what it needs can be reached; does not wait for that.
   *
   * @return empty if this type keeps no entities
   */
  default Optional<EntityStore> openEntities(EntityStoreContext context) {
    return Optional.empty();
  }
}
