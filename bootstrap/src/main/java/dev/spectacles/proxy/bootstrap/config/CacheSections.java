package dev.spectacles.proxy.bootstrap.config;

import static dev.spectacles.proxy.adapter.spi.ConfigKeys.choice;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.duration;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.flag;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.number;
import static dev.spectacles.proxy.adapter.spi.ConfigKeys.secret;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.bootstrap.config.Setting.Rule;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import java.util.Collection;
import java.util.List;

/** Declarations of the sections {@code cache} and {@code cache.rest}. */
final class CacheSections {
  static final String SECTION = "cache";
  static final String REST = "cache.rest";

  private CacheSections() {}

  /** All keys but those of {@link #ttl}. */
  static List<Setting> all(Collection<String> stores) {
    return List.of(
        setting(
            SECTION,
            secret(
                "secret",
                "",
                "Key for hashing tokens, so that none is found among what is kept; of at least 16"
                    + " characters, the same for all instances. Empty for a random one, kept where"
                    + " the rate limits are."),
            Rules.SECRET),
        setting(
            REST,
            flag(
                "enabled",
                true,
                "Whether Discord's answers to GET requests are kept and given again, and requests"
                    + " for the same at the same time share one answer."),
            Rule.NONE),
        setting(
            REST,
            choice(
                "store",
                "memory",
                List.copyOf(stores),
                "Where answers are kept; memory is of each instance alone, and told by the others"
                    + " what is not valid any more where they share rate limits."),
            Rule.NONE),
        setting(
            REST,
            number(
                "max_bytes",
                64L << 20,
                1,
                Long.MAX_VALUE,
                "Most bytes of answers in memory, as a number (64 MiB is 67108864); those of one"
                    + " token get a quarter of it at most."),
            Rule.NONE),
        setting(
            REST,
            number(
                "max_entry_bytes",
                1L << 20,
                1,
                1L << 30,
                "Largest answer that is kept, in bytes with its headers."),
            Rule.NONE),
        setting(
            REST,
            flag(
                "strict",
                false,
                "Whether answers are kept only for as long as Discord says itself, not by the times"
                    + " known of each route."),
            Rule.NONE),
        setting(
            REST,
            flag(
                "negative_403",
                false,
                "Whether refusals for lack of permission (403) are kept for a while as well."),
            Rule.NONE),
        setting(
            REST,
            duration(
                "stale_while_limited",
                "60s",
                "How long after its time an answer is still given where a new one would have to"
                    + " wait for the rate limit; 0s for never."),
            Rule.NONE),
        setting(
            REST,
            duration(
                "stale_if_error",
                "300s",
                "How long after its time an answer is still given where Discord fails or cannot be"
                    + " reached; 0s for never, unless the request asks for it (stale-if-error)."),
            Rule.NONE),
        setting(
            REST,
            duration(
                "lookup_timeout",
                "250ms",
                "How long a look-up may wait for its turn, and again for its answer, before Discord"
                    + " is asked instead; above zero and up to 10s. Redis is given a second at"
                    + " most."),
            Rules.LOOK_UP),
        setting(
            REST,
            duration(
                "settle",
                "250ms",
                "How long after a change answers that it concerns are not kept, as Discord may"
                    + " still give the former ones; up to 30s, 0s for not at all."),
            Rules.SETTLE),
        setting(
            REST,
            secret(
                "redis_url",
                "",
                "Where cache.rest.store = redis keeps answers, if not at redis.url; the other keys"
                    + " of [redis] hold there as well. Wanted for more than a few answers: see the"
                    + " adapter's README."),
            Rule.NONE));
  }

  /** Times of single routes. */
  static Table ttl() {
    return new Table(
        REST,
        "ttl",
        CacheRoutes::refusal,
        "a route's template, such as \"/guilds/{guild_id}/roles\"",
        CacheSections::timeOf,
        Rules.GIVEN,
        "\"/guilds/{guild_id}/roles\" = \"30s\"");
  }

  private static ConfigKeys.Key timeOf(String template) {
    return duration(
        template,
        "",
        "How long answers of single routes are kept, in place of the times known of them; 0s to"
            + " share an answer among requests at the same time, but not keep it. Which routes"
            + " there are, and their times: docs/cache-times.md.");
  }

  private static Setting setting(String section, ConfigKeys.Key key, Rule rule) {
    return new Setting(section, key, List.of(), rule, false);
  }
}
