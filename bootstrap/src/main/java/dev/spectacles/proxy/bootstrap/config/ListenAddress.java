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

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
