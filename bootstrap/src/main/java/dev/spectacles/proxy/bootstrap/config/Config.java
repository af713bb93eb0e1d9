package dev.spectacles.proxy.bootstrap.config;

import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.application.service.AnswerMode;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checked configuration of the proxy.
 *
 * @param timeout bound of a whole request; none by default
 * @param drainTimeout bound of a stop
 * @param gateway what is done for gateways, if anything is
 * @param http where callers over HTTP are served, if they are
 * @param metrics where metrics are served, if they are
 * @param values every key with its value and origin, in the order of the reference
 * @param notes values that are set but have no effect, and why
 */
public record Config(
    Optional<Duration> timeout,
    Duration drainTimeout,
    Broker broker,
    Discord discord,
    RateLimit rateLimit,
    Cache cache,
    Optional<Gateway> gateway,
    Optional<Http> http,
    Optional<Metrics> metrics,
    String logLevel,
    LogFormat logFormat,
    List<EffectiveValue> values,
    List<String> notes) {
  public Config {
    values = List.copyOf(values);
    notes = List.copyOf(notes);
  }

  /** What a message looks like in the log. */
  public enum LogFormat {
    /** For people. */
    TEXT,
    /** An object per line. */
    JSON
  }

  /**
   * Where requests come from.
   *
   * @param type of a provider that is installed
   * @param maxAge oldest request that is executed at its first delivery; empty for any
   * @param maxBucketShare percentage of {@code maxHeld}
   * @param section settings of this type of broker
   */
  public record Broker(
      String type,
      String group,
      Optional<String> subgroup,
      String event,
      Optional<Duration> maxAge,
      int maxHeld,
      long maxHeldBytes,
      int maxBucketShare,
      Duration replyPatience,
      ConfigSection section) {}

  /**
   * Discord's API.
   *
   * @param apiUrl its root, without version and without slash at its end
   * @param timeout bound of one exchange
   */
  public record Discord(
      URI apiUrl,
      int apiVersion,
      Duration timeout,
      int maxResponseBytes,
      String egress,
      String userAgent) {}

  /**
   * Rate limits.
   *
   * @param global requests per second, of all bots and of single ones
   * @param maxWait how long requests that do not say wait for their turn rather than be refused
   * @param store type of a provider that is installed
   * @param section settings of this type of store
   * @param degradesToLocal whether to go on alone while the store cannot be reached
   * @param invalidLimit invalid requests per ten minutes and address; 0 for no limit
   */
  public record RateLimit(
      GlobalLimits global,
      Optional<Duration> maxWait,
      boolean orderedMessages,
      String store,
      ConfigSection section,
      boolean degradesToLocal,
      int invalidLimit) {}

  /**
   * What is kept.
   *
   * @param secret for hashing tokens; empty for the one that all instances share by themselves
   * @param gateway what the gateway tells, if that is kept
   */
  public record Cache(Optional<String> secret, Rest rest, Optional<FromGateway> gateway) {
    /** Never the secret. */
    @Override
    public String toString() {
      return "Cache[" + rest + ", " + gateway + "]";
    }

    /**
     * Answers that are kept.
     *
     * @param store type of a provider that is installed
     * @param section settings of this type of store
     * @param maxBytes of all answers in memory
     * @param maxEntryBytes of one answer
     * @param strict whether only what Discord's own headers permit is kept
     * @param negative403 whether refusals for lack of permission are kept
     * @param staleWhileLimited how long after its time an answer may stand in for one that waits
     * @param staleIfError how long after its time an answer may stand in for a failure
     * @param lookupTimeout bound of a look-up
     * @param settle how long after a change nothing that it concerns is kept
     * @param ttl times of single routes, by their templates; zero to keep nothing
     */
    public record Rest(
        boolean enabled,
        String store,
        ConfigSection section,
        long maxBytes,
        int maxEntryBytes,
        boolean strict,
        boolean negative403,
        Duration staleWhileLimited,
        Duration staleIfError,
        Duration lookupTimeout,
        Duration settle,
        Map<String, Duration> ttl) {
      public Rest {
        ttl = Map.copyOf(ttl);
      }
    }

    /**
     * What a gateway tells, and is kept.
     *
     * @param store type of a provider that is installed
     * @param section settings of this type of store
     * @param app the bot's application, if it is known without being told
     * @param prefix what stands before the names of events
     * @param messages whether the gateway publishes messages, too
     * @param ttl how long what is personal is kept
     * @param maxLag how far behind the events it may be for GETs to be answered
     * @param maxBytes of all that is kept in memory
     */
    public record FromGateway(
        String store,
        ConfigSection section,
        Optional<String> app,
        String prefix,
        Set<EntityType> types,
        boolean messages,
        Duration ttl,
        AnswerMode answer,
        boolean relaxed,
        Duration maxLag,
        long maxBytes) {
      public FromGateway {
        types = Set.copyOf(types);
      }
    }
  }

  /**
   * Serving of {@code SEND}.
   *
   * @param shardCount of the bot, at least 1
   */
  public record Gateway(int shardCount) {}

  /**
   * Where callers over HTTP are served.
   *
   * @param secret that they present
   * @param credentials {@code Authorization} of requests that bring none
   */
  public record Http(
      ListenAddress address,
      Optional<String> secret,
      Optional<String> credentials,
      int maxBodyBytes,
      int maxConnections) {
    /** Whether anybody who reaches it may send requests through it. */
    public boolean isOpen() {
      return secret.isEmpty() && !address.isLoopback();
    }

    /** Neither the secret nor the credentials. */
    @Override
    public String toString() {
      return "Http[" + address + "]";
    }
  }

  /**
   * Where metrics are served.
   *
   * @param path with its leading slash
   */
  public record Metrics(ListenAddress address, String path) {}
}
