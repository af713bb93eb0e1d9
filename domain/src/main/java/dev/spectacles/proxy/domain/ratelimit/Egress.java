package dev.spectacles.proxy.domain.ratelimit;

/**
 * What is known of the address from which Discord is reached. Times are microseconds of one clock.
 *
 * @param invalid requests that counted as invalid, those of all instances
 * @param unreported of these, how many the other instances have not heard of yet
 * @param instances how many send from the address, this one included
 */
public record Egress(EgressBan ban, InvalidRequests invalid, long unreported, int instances) {
  /** Nothing stands in the way, and nobody else is there. */
  public static final Egress CALM = new Egress(EgressBan.NONE, InvalidRequests.NONE, 0, 1);

  public Egress {
    if (instances < 1) {
      throw new IllegalArgumentException("instances: " + instances + " (expected: >= 1)");
    }
  }

  /** After this was learnt. */
  public Egress after(EgressReport report, long now) {
    return report instanceof EgressReport.Invalid
        ? new Egress(
            ban, invalid.plus(InvalidRequests.minuteOf(now), 1, now), unreported, instances)
        : withBan(ban.after(report, now));
  }

  /** With another ban. */
  public Egress withBan(EgressBan newBan) {
    return new Egress(newBan, invalid, unreported, instances);
  }
}
