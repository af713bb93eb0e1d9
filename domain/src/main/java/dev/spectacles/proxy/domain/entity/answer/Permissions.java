package dev.spectacles.proxy.domain.entity.answer;

import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.Json;
import dev.spectacles.proxy.domain.entity.JsonArray;
import dev.spectacles.proxy.domain.entity.JsonObject;
import dev.spectacles.proxy.domain.entity.JsonScalar;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a member may do. Source: Discord docs, Permissions, "Permission Overwrites" and "Permissions
 * for Timed Out Members".
 *
 * <p>What a missing permission takes with it, as {@code VIEW_CHANNEL} does all others of a channel,
 * is not taken away, nor does Discord itself.
 */
public final class Permissions {
  /** Every bit up to the last one that Discord documents. */
  static final BigInteger ALL = BigInteger.ONE.shiftLeft(53).subtract(BigInteger.ONE);

  private static final BigInteger ADMINISTRATOR = BigInteger.ONE.shiftLeft(3);
  private static final BigInteger VIEW_CHANNEL = BigInteger.ONE.shiftLeft(10);
  private static final BigInteger READ_MESSAGE_HISTORY = BigInteger.ONE.shiftLeft(16);
  private static final BigInteger TIMED_OUT = VIEW_CHANNEL.or(READ_MESSAGE_HISTORY);

  private Permissions() {}

  /**
   * Permissions in a guild, or in one of its channels.
   *
   * @param known with the guild, all roles, and the member
   * @param channel whose overwrites count, a thread's parent for a thread; empty for the guild
   * @return empty if not enough is known
   */
  public static Optional<BigInteger> of(
      Known known, long user, Optional<JsonObject> channel, Instant now) {
    Optional<JsonObject> guild = known.get(EntityType.GUILD, known.guild());
    Optional<JsonObject> member = known.get(EntityType.MEMBER, user);
    OptionalLong owner = guild.map(any -> any.id("owner_id")).orElse(OptionalLong.empty());
    Optional<JsonObject> everyone = known.get(EntityType.ROLE, known.guild());
    boolean complete = known.complete(EntityType.ROLE).isPresent();
    if (member.isEmpty()
        || !member.get().has("roles")
        || owner.isEmpty()
        || everyone.isEmpty()
        || !complete
        || channel.filter(Channels::isObfuscated).isPresent()) {
      return Optional.empty();
    }
    if (owner.getAsLong() == user) {
      return Optional.of(ALL);
    }
    List<Long> roles = roles(member.get());
    BigInteger base =
        roles.stream()
            .flatMap(role -> known.get(EntityType.ROLE, role).stream())
            .map(role -> bits(role, "permissions"))
            .reduce(bits(everyone.get(), "permissions"), BigInteger::or);
    if (base.and(ADMINISTRATOR).signum() != 0) {
      return Optional.of(ALL);
    }
    BigInteger allowed =
        channel.map(any -> overwritten(base, any, known.guild(), roles, user)).orElse(base);
    return Optional.of(isTimedOut(member.get(), now) ? allowed.and(TIMED_OUT) : allowed);
  }

  private static BigInteger overwritten(
      BigInteger base, JsonObject channel, long guild, List<Long> roles, long user) {
    List<JsonObject> overwrites = channel.objects("permission_overwrites");
    BigInteger everyone = applied(base, of(overwrites, List.of(guild)));
    BigInteger byRoles = applied(everyone, of(overwrites, roles));
    return applied(byRoles, of(overwrites, List.of(user)));
  }

  private static List<JsonObject> of(List<JsonObject> overwrites, List<Long> ids) {
    return overwrites.stream()
        .filter(each -> each.id("id").isPresent() && ids.contains(each.id("id").getAsLong()))
        .toList();
  }

  /** What any of them allows prevails over what another one denies. */
  private static BigInteger applied(BigInteger before, List<JsonObject> overwrites) {
    return before.andNot(any(overwrites, "deny")).or(any(overwrites, "allow"));
  }

  private static BigInteger any(List<JsonObject> overwrites, String name) {
    return overwrites.stream()
        .map(each -> bits(each, name))
        .reduce(BigInteger.ZERO, BigInteger::or);
  }

  private static List<Long> roles(JsonObject member) {
    List<Json> items =
        member
            .get("roles")
            .filter(JsonArray.class::isInstance)
            .map(array -> ((JsonArray) array).items())
            .orElse(List.of());
    return items.stream()
        .flatMap(
            item -> item instanceof JsonScalar id ? id.text().stream() : Stream.<String>empty())
        .flatMap(text -> Snowflakes.parse(text).stream().boxed())
        .toList();
  }

  /** Written as text, and as a number by old versions of the API. */
  private static BigInteger bits(JsonObject object, String name) {
    Optional<String> digits =
        object
            .get(name)
            .filter(JsonScalar.class::isInstance)
            .map(JsonScalar.class::cast)
            .map(scalar -> scalar.text().orElseGet(scalar::raw))
            .filter(text -> text.matches("[0-9]{1,40}"));
    return digits.map(BigInteger::new).orElse(BigInteger.ZERO);
  }

  private static boolean isTimedOut(JsonObject member, Instant now) {
    Optional<String> until = member.text("communication_disabled_until");
    if (until.isEmpty()) {
      return false;
    }
    try {
      return OffsetDateTime.parse(until.get()).toInstant().isAfter(now);
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
