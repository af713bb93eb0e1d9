package dev.spectacles.proxy.bootstrap.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Host and port to listen to; port 0 takes any that is free. */
public record ListenAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  static ListenAddress parse(String text) throws BadValueException {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > HIGHEST_PORT) {
      throw new BadValueException("host and port such as \"0.0.0.0:3000\" or \"[::1]:3000\"");
    }
    String host = matcher.group(1);
    boolean bracketed = host.startsWith("[");
    return new ListenAddress(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(matcher.group(2)));
  }

  /** Of a host and port of which the host may be left out, for this machine alone. */
  static ListenAddress parseLocal(String text) throws BadValueException {
    String stripped = text.strip();
    try {
      return parse(stripped.startsWith(":") ? "127.0.0.1" + stripped : stripped);
    } catch (BadValueException e) {
      throw new BadValueException("host and port such as \"127.0.0.1:8080\", or \":8080\"");
    }
  }

  /** Whether only this machine can reach it; a name is not looked up. */
  public boolean isLoopback() {
    return host.equalsIgnoreCase("localhost")
        || host.matches("127(\\.[0-9]{1,3}){3}")
        || host.matches("(0*:)*:?0*1");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
