package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Requests as real clients write them; see the README beside the resource. */
final class Clients {
  private Clients() {}

  static byte[] request(String name) {
    return Objects.requireNonNull(requests().get(name), name);
  }

  static Map<String, byte[]> requests() {
    var requests = new LinkedHashMap<String, byte[]>();
    for (String line : lines("requests.txt")) {
      String[] parts = line.split(" ", 2);
      requests.put(parts[0], HexFormat.of().parseHex(parts[1]));
    }
    return requests;
  }

  static List<String> lines(String resource) {
    try (InputStream in = Clients.class.getResourceAsStream("clients/" + resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
