package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Section {@code [ipc]}.
 *
 * @param path of the socket, also where requests come from elsewhere: {@code call} may use it
 * @param longestLine in bytes
 */
public record IpcSettings(Transport transport, Optional<Path> path, int longestLine) {
  /** Largest body that Discord takes from most bots, at four characters a byte, and some more. */
  private static final int LONGEST_LINE = 64 << 20;

  /** How lines come and go. */
  public sealed interface Transport {
    /** Standard input and output. */
    record StandardStreams() implements Transport {}

    /** Unix socket that is listened at. */
    record Socket(Path path) implements Transport {}

    /** Channel of a parent in Node.js, by its file descriptor. */
    record Node(int descriptor) implements Transport {}
  }

  /** Every key of the section. */
  public static ConfigKeys keys() {
    return new ConfigKeys(
        List.of(
            ConfigKeys.choice(
                "transport",
                "auto",
                List.of("auto", "stdio", "socket", "node"),
                "How lines come and go: stdio for standard input and output, socket for a Unix"
                    + " socket at ipc.path, node for the channel of a parent in Node.js; auto is"
                    + " node where NODE_CHANNEL_FD is set, else socket where ipc.path is, else"
                    + " stdio."),
            ConfigKeys.text(
                "path", "", "Where the socket is; made with permissions for its owner alone."),
            ConfigKeys.number(
                "max_line_bytes",
                LONGEST_LINE,
                1024,
                1 << 30,
                "Longest line that is read; a body as an array takes up to 4 bytes of it per byte."
                    + " Each client may hold one in memory.")));
  }

  /**
   * Settings of this section; {@link IllegalArgumentException} names what is wrong with which key.
   *
   * @param environment in which a parent in Node.js says where its channel is
   */
  static IpcSettings of(ConfigSection section, Map<String, String> environment) {
    Optional<Path> path = section.text("path").map(IpcSettings::path);
    String chosen = section.text("transport").orElse("auto");
    Transport transport =
        switch (chosen) {
          case "stdio" -> new Transport.StandardStreams();
          case "socket" -> socket(path);
          case "node" ->
              new Transport.Node(
                  NodeDescriptor.find(environment)
                      .orElseThrow(
                          () ->
                              new IllegalArgumentException(
                                  "ipc.transport: node, without NODE_CHANNEL_FD (expected: to be"
                                      + " started by Node.js with stdio: [..., 'ipc'])")));
          default -> automatic(path, environment);
        };
    if (path.isPresent() && !chosen.equals("auto") && !chosen.equals("socket")) {
      throw new IllegalArgumentException(
          "ipc.path: set, with ipc.transport = " + chosen + " (expected: with socket or auto)");
    }
    return new IpcSettings(transport, path, Math.toIntExact(section.number("max_line_bytes")));
  }

  /** How lines come and go, in a few words. */
  public String shown() {
    String how =
        switch (transport) {
          case Transport.StandardStreams() -> "over standard input and output";
          case Transport.Socket(Path socket) -> "at " + socket;
          case Transport.Node(int descriptor) ->
              "over the channel of Node.js, descriptor "
                  + descriptor
                  + (path.isPresent() ? "; ipc.path is not used" : "");
        };
    return how + ", lines up to " + longestLine + " bytes";
  }

  private static Transport automatic(Optional<Path> path, Map<String, String> environment) {
    OptionalInt channel = NodeDescriptor.find(environment);
    if (channel.isPresent()) {
      return new Transport.Node(channel.getAsInt());
    }
    return path.isPresent() ? socket(path) : new Transport.StandardStreams();
  }

  private static Transport socket(Optional<Path> path) {
    return new Transport.Socket(
        path.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "ipc.path: empty, with ipc.transport = socket (expected: a path)")));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("ipc.path: no path (expected: one)", e);
    }
  }
}
