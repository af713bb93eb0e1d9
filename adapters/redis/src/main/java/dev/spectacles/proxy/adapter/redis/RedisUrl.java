package dev.spectacles.proxy.adapter.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Address of a Redis deployment, in any of the forms people write.
 *
 * <p>No message and no text form of it ever holds the password.
 *
 * @param master name that the sentinels know the primary by
 */
record RedisUrl(
    Topology topology,
    boolean tls,
    List<Node> nodes,
    Optional<String> user,
    Optional<String> password,
    int database,
    Optional<String> master) {
  /** How the servers are found. */
  enum Topology {
    SINGLE,
    SENTINEL,
    CLUSTER
  }

  /** Host and port of one server; an IPv6 address has its brackets. */
  record Node(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private record Scheme(Topology topology, boolean tls) {}

  private static final int REDIS_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  private static final Map<String, Scheme> SCHEMES =
      Map.ofEntries(
          Map.entry("redis", new Scheme(Topology.SINGLE, false)),
          Map.entry("rediss", new Scheme(Topology.SINGLE, true)),
          Map.entry("valkey", new Scheme(Topology.SINGLE, false)),
          Map.entry("valkeys", new Scheme(Topology.SINGLE, true)),
          Map.entry("redis+sentinel", new Scheme(Topology.SENTINEL, false)),
          Map.entry("rediss+sentinel", new Scheme(Topology.SENTINEL, true)),
          Map.entry("redis+cluster", new Scheme(Topology.CLUSTER, false)),
          Map.entry("rediss+cluster", new Scheme(Topology.CLUSTER, true)));
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*)");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?]");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  RedisUrl {
    nodes = List.copyOf(nodes);
  }

  /**
   * Address written as this text; throws {@link IllegalArgumentException} that says what is wrong.
   */
  static RedisUrl parse(String text) {
    String rest = text.strip();
    if (rest.isEmpty()) {
      throw bad("empty", "host:port or redis://host:port");
    }
    Scheme scheme = new Scheme(Topology.SINGLE, false);
    int colon = rest.indexOf("://");
    if (colon >= 0) {
      String name = rest.substring(0, colon).toLowerCase(Locale.ROOT);
      Scheme known = SCHEMES.get(name);
      if (known == null) {
        // A scheme with a credential in it is none: do not repeat what may be one.
        String shown =
            name.matches("[a-z][a-z0-9+.-]*") ? "scheme " + name : "an unreadable scheme";
        throw bad(
            shown, "one of " + String.join(", ", SCHEMES.keySet().stream().sorted().toList()));
      }
      scheme = known;
      rest = rest.substring(colon + 3);
    }
    int at = rest.lastIndexOf('@');
    String userInfo = at < 0 ? "" : rest.substring(0, at);
    String address = rest.substring(at + 1);
    if (userInfo.contains("/") || userInfo.contains("?") || userInfo.contains("#")) {
      throw bad(
          "user or password with a /, ? or #",
          "percent-encoding there: %2F for /, %3F for ?, %23 for #");
    }
    if (address.contains("?") || address.contains("#")) {
      throw bad("parameters after the address", "none: what can be set has a key of its own");
    }
    if (at == 0) {
      throw bad("nothing before the @", "user:password@ or :password@");
    }
    int slash = address.indexOf('/');
    String hosts = slash < 0 ? address : address.substring(0, slash);
    List<String> path = slash < 0 ? List.of() : segments(address.substring(slash + 1));
    List<Node> nodes = nodes(hosts, scheme.topology());
    String user = userInfo.contains(":") ? userInfo.substring(0, userInfo.indexOf(':')) : userInfo;
    String password = userInfo.contains(":") ? userInfo.substring(userInfo.indexOf(':') + 1) : "";
    if (!user.isEmpty() && password.isEmpty()) {
      throw bad("a user without a password", "user:password@ or :password@");
    }
    return new RedisUrl(
        scheme.topology(),
        scheme.tls(),
        nodes,
        decoded(user),
        decoded(password),
        database(scheme.topology(), path),
        master(scheme.topology(), path));
  }

  /** The address with its password masked. */
  String shown() {
    var text = new StringBuilder(tls ? "rediss" : "redis");
    if (topology != Topology.SINGLE) {
      text.append('+').append(topology.name().toLowerCase(Locale.ROOT));
    }
    text.append("://");
    if (password.isPresent()) {
      text.append(user.orElse("")).append(":***@");
    }
    text.append(servers());
    master.ifPresent(name -> text.append('/').append(name));
    if (database > 0) {
      text.append('/').append(database);
    }
    return text.toString();
  }

  /** Hosts and ports, for messages. */
  String servers() {
    return String.join(",", nodes.stream().map(Node::toString).toList());
  }

  @Override
  public String toString() {
    return shown();
  }

  private static List<String> segments(String path) {
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("/", -1));
  }

  private static List<Node> nodes(String hosts, Topology topology) {
    List<String> parts = List.of(hosts.split(",", -1));
    if (topology == Topology.SINGLE && parts.size() > 1) {
      throw bad(
          "several hosts", "one host, or redis+sentinel:// or redis+cluster:// before several");
    }
    int port = topology == Topology.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
    var nodes = new ArrayList<Node>();
    for (String part : parts) {
      nodes.add(node(part.strip(), port));
    }
    return nodes;
  }

  private static Node node(String text, int defaultPort) {
    int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
    String host = end <= 0 ? text : text.substring(0, end);
    String rest = end <= 0 ? "" : text.substring(end);
    if (host.isEmpty() || text.startsWith(":")) {
      throw bad("no host", "host:port, such as localhost:6379");
    }
    if (!HOST.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      throw bad("a host that is none", "a name, an IPv4 address or an IPv6 address in brackets");
    }
    if (rest.isEmpty()) {
      return new Node(host, defaultPort);
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
    return new Node(host, number);
  }

  private static int database(Topology topology, List<String> path) {
    int at = topology == Topology.SENTINEL ? 1 : 0;
    if (path.size() > at + 1) {
      throw bad("a path of " + path.size() + " parts", "at most " + (at + 1));
    }
    if (path.size() <= at) {
      return 0;
    }
    String text = path.get(at);
    if (!DIGITS.matcher(text).matches()) {
      throw bad("a database that is no number", "a number after the slash, such as /0");
    }
    int database = Integer.parseInt(text);
    if (topology == Topology.CLUSTER && database != 0) {
      throw bad("database " + database, "none: a cluster has only 0");
    }
    return database;
  }

  private static Optional<String> master(Topology topology, List<String> path) {
    if (topology != Topology.SENTINEL) {
      return Optional.empty();
    }
    if (path.isEmpty() || path.getFirst().isEmpty()) {
      throw bad(
          "no name of the primary", "it after the sentinels: redis+sentinel://host:port/name");
    }
    return decoded(path.getFirst());
  }

  private static Optional<String> decoded(String text) {
    try {
      // URLDecoder reads forms, where + is a space; in a URL's user info it is itself.
      String plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      return plain.isEmpty() ? Optional.empty() : Optional.of(plain);
    } catch (IllegalArgumentException e) {
      // Its message repeats part of what may be the password.
      throw bad("a % that starts no percent-encoding", "%25 for a percent sign");
    }
  }

  private static IllegalArgumentException bad(String what, String expected) {
    return new IllegalArgumentException("redis.url: " + what + " (expected: " + expected + ")");
  }
}
