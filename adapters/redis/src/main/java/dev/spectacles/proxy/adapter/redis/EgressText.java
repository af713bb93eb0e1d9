package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import java.util.Optional;
import java.util.regex.Pattern;
import org.redisson.client.RedisException;

/**
 * A ban as it lies in Redis: {@code until bans probe probeUntil} with 0 for no probe, times in
 * microseconds of the server's clock; nothing for no ban.
 */
final class EgressText {
  private static final Pattern NUMBERS =
      Pattern.compile("-?[0-9]{1,18} [0-9]{1,4} [0-9]{1,19} -?[0-9]{1,18}");

  private EgressText() {}

  static String of(EgressBan ban) {
    return ban.on()
        ? "%d %d %d %d".formatted(ban.until(), ban.bans(), ban.probe().orElse(0L), ban.probeUntil())
        : "";
  }

  static EgressBan parse(String text) {
    if (text.isEmpty()) {
      return EgressBan.NONE;
    }
    if (!NUMBERS.matcher(text).matches()) {
      throw new RedisException("ban in Redis: unreadable (expected: four numbers)");
    }
    String[] parts = text.split(" ", -1);
    long probe = Long.parseLong(parts[2]);
    return new EgressBan(
        true,
        Long.parseLong(parts[0]),
        Integer.parseInt(parts[1]),
        probe == 0 ? Optional.empty() : Optional.of(probe),
        Long.parseLong(parts[3]));
  }
}
