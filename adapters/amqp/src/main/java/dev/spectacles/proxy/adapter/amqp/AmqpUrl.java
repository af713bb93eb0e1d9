package dev.spectacles.proxy.adapter.amqp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Pattern;

/**
 * Address of a broker, or of the members of its cluster.
 *
 * <p>No message and no text form of it ever holds the password.
 */
record AmqpUrl(boolean tls, List<Host> hosts, String user, String password, String vhost) {
  /** Host and port of one member; an IPv6 address has no brackets. */
  record Host(String name, int port) {
    @Override
    public String toString() {
      return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }
  }

  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;
  // What a fresh RabbitMQ knows, from the same machine only.
  private static final String GUEST = "guest";
  private static final String DEFAULT_VHOST = "/";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*)");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  AmqpUrl {
    hosts = List.copyOf(hosts);
  }

  /** What must be the same wherever it is written in a list. */
  private static final class Shared {
    private final SequencedSet<String> schemes = new LinkedHashSet<>();
    private final SequencedSet<String> credentials = new LinkedHashSet<>();
    private final SequencedSet<String> vhosts = new LinkedHashSet<>();
  }

  /**
   * Address written as this text: {@code amqp://user:password@host:port/vhost}, where only a host
   * is needed; of further hosts, after commas, the rest may be repeated. Throws {@link
   * IllegalArgumentException} that says what is wrong.
   */
  static AmqpUrl parse(String text) {
    if (text.isBlank()) {
      throw bad("empty", "amqp://host:port");
    }
    var shared = new Shared();
    var addresses = new ArrayList<String>();
    for (String part : text.split(",", -1)) {
      addresses.add(address(part.strip(), shared));
    }
    boolean tls = one(shared.schemes, "schemes").filter("amqps"::equals).isPresent();
    String credentials = one(shared.credentials, "users or passwords").orElse("");
    int colon = credentials.indexOf(':');
    String user = colon < 0 ? credentials : credentials.substring(0, colon);
    String password = colon < 0 ? "" : credentials.substring(colon + 1);
    if (user.isEmpty() != password.isEmpty()) {
      throw bad("a user without a password, or the reverse", "user:password@");
    }
    return new AmqpUrl(
        tls,
        addresses.stream().map(address -> host(address, tls ? TLS_PORT : PORT)).toList(),
        user.isEmpty() ? GUEST : decoded(user),
        password.isEmpty() ? GUEST : decoded(password),
        one(shared.vhosts, "virtual hosts").map(AmqpUrl::decoded).orElse(DEFAULT_VHOST));
  }

  /** The address with its password masked. */
  String shown() {
    String credentials = user.equals(GUEST) && password.equals(GUEST) ? "" : user + ":***@";
    String path = vhost.equals(DEFAULT_VHOST) ? "" : "/" + vhost;
    return (tls ? "amqps://" : "amqp://") + credentials + servers() + path;
  }

  /** Hosts and ports, for messages. */
  String servers() {
    return String.join(",", hosts.stream().map(Host::toString).toList());
  }

  @Override
  public String toString() {
    return shown();
  }

  /** Host and port of this part of the list; what goes with them is noted. */
  private static String address(String part, Shared shared) {
    String rest = part;
    int colon = rest.indexOf("://");
    if (colon >= 0) {
      String scheme = rest.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!scheme.equals("amqp") && !scheme.equals("amqps")) {
        // It may be part of a credential: do not repeat it.
        throw bad("a scheme that is none of AMQP", "amqp:// or amqps://");
      }
      shared.schemes.add(scheme);
      rest = rest.substring(colon + 3);
    }
    int at = rest.lastIndexOf('@');
    if (at >= 0) {
      String credentials = rest.substring(0, at);
      if (credentials.contains("/") || credentials.contains("?") || credentials.contains("#")) {
        throw bad(
            "user or password with a /, ? or #",
            "percent-encoding there: %2F for /, %3F for ?, %23 for #, %2C for a comma");
      }
      shared.credentials.add(credentials);
      rest = rest.substring(at + 1);
    }
    if (rest.contains("?") || rest.contains("#")) {
      throw bad("parameters after the address", "none: what can be set has a key of its own");
    }
    int slash = rest.indexOf('/');
    if (slash < 0) {
      return rest;
    }
    String vhost = rest.substring(slash + 1);
    if (vhost.contains("/")) {
      throw bad("a virtual host with a slash", "%2F for a slash within it");
    }
    if (!vhost.isEmpty()) {
      shared.vhosts.add(vhost);
    }
    return rest.substring(0, slash);
  }

  private static Host host(String text, int defaultPort) {
    boolean bracketed = text.startsWith("[") && text.contains("]");
    int end = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
    String host = end < 0 ? text : text.substring(0, end);
    String rest = end < 0 ? "" : text.substring(end);
    String name = bracketed ? host.substring(1, host.length() - 1) : host;
    if (name.isEmpty()) {
      throw bad("no host", "host:port, such as localhost:5672");
    }
    if (!(bracketed ? IPV6 : HOST).matcher(name).matches()) {
      throw bad("a host that is none", "a name, an IPv4 address or an IPv6 address in brackets");
    }
    if (rest.isEmpty()) {
      return new Host(name, defaultPort);
    }
    String port = rest.substring(1);
    if (rest.charAt(0) != ':' || !DIGITS.matcher(port).matches()) {
      // What follows a colon may be a password that somebody put in the wrong place.
      throw bad("a port that is no number", "1 to 65535; an IPv6 address in brackets");
    }
    int number = Integer.parseInt(port);
    if (number < 1 || number > 65_535) {
      throw bad("port " + number, "1 to 65535");
    }
    return new Host(name, number);
  }

  private static Optional<String> one(SequencedSet<String> written, String what) {
    if (written.size() > 1) {
      throw bad("different " + what, "the same for every host of a list");
    }
    return written.stream().findFirst();
  }

  private static String decoded(String text) {
    try {
      // URLDecoder reads forms, where + is a space; in a URL it is itself.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message repeats part of what may be the password.
      throw bad("a % that starts no percent-encoding", "%25 for a percent sign");
    }
  }

  private static IllegalArgumentException bad(String what, String expected) {
    return new IllegalArgumentException("amqp.url: " + what + " (expected: " + expected + ")");
  }
}
