package dev.spectacles.proxy.domain.entity;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Body;
import java.util.Set;

/**
 * What is known of a bot as a whole.
 *
 * @param self the bot's own user, as JSON in UTF-8
 * @param userId of the bot
 * @param shards how many the bot has
 * @param caughtUpMillis until when all that was told is kept; milliseconds since 1970
 * @param types that were kept then: of others, what is kept is from before or not there
 */
public record AppState(
    Body self, long userId, int shards, long caughtUpMillis, Set<EntityType> types) {
  public AppState {
    requireNonNull(self, "self");
    types = Set.copyOf(types);
  }
}
