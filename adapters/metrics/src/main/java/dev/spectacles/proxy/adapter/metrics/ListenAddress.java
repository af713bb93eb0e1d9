package dev.spectacles.proxy.adapter.metrics;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code host:port}, the host an address, an IPv6 address in brackets, or a name. */
final class ListenAddress {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([^\\s:\\[\\]]+)):([0-9]{1,5})");
  private static final int LARGEST_PORT = 65_535;

  private ListenAddress() {}

  static InetSocketAddress parse(String addr) {
    Matcher matcher = FORM.matcher(addr);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "metrics.addr: \"%s\" (expected: host:port, such as 0.0.0.0:3000 or [::]:3000)"
              .formatted(addr));
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    var address = new InetSocketAddress(host, Integer.parseInt(matcher.group(3)));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "metrics.addr: \"%s\" (expected: a host that can be resolved)".formatted(addr));
    }
    return address;
  }
}
