package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import java.util.Optional;

/**
 * Remembers what Discord holds against the address it is reached from, shared by every proxy behind
 * that address: Cloudflare's ban, and how many requests were invalid.
 *
 * <p>Thread-safe. Works without its server too, then for this instance alone; what was learnt
 * meanwhile is shared when the server is back. Implementations pass {@code EgressStoreContract}.
 */
public interface EgressStore extends AutoCloseable {
  /** Hears when something changed. Must return quickly. */
  interface Listener {
    /** Something that {@link #egress} tells is different now. */
    void changed();
  }

  /** What is known here, in microseconds of the monotonic clock; costs no I/O. */
  Egress egress();

  /**
   * Makes one request the only probe of a ban over all instances, until it is reported or {@link
   * dev.spectacles.proxy.domain.ratelimit.EgressBan#PROBE_TIME} has passed. May block.
   *
   * @return id of the probe; empty if none is due
   */
  Optional<Long> probe() throws InterruptedException;

  /** Notes what was learnt, at once here and soon everywhere; does not block. */
  void report(EgressReport report);

  /** Tells this listener, and no other, what changes from now on. */
  void listen(Listener listener);

  /** Shares what is not shared yet, within a bound, and ends. */
  @Override
  void close();
}
