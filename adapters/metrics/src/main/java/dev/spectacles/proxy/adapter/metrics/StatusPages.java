package dev.spectacles.proxy.adapter.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.application.port.in.LookAtProxy;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * The status page, and what it shows as JSON.
 *
 * <p>The page is one file that loads nothing but that JSON. Its style and its script are the only
 * ones that a browser accepts on it, whatever text is shown.
 */
public final class StatusPages {
  /** Where the JSON is. */
  public static final String DATA = "/status.json";

  private static final String ROOT = "/";

  /** Where the page is if the metrics have the root. */
  private static final String BESIDE_METRICS = "/status";

  private static final String FILE = "status.html";

  private StatusPages() {}

  /**
   * Serves both from now on: the page at the root, unless the metrics are there.
   *
   * @param metricsPath with its slash in front
   */
  public static void addTo(MetricsServer server, String metricsPath, LookAtProxy look) {
    server.add(metricsPath.equals(ROOT) ? BESIDE_METRICS : ROOT, page());
    server.add(
        DATA,
        () ->
            new Page.Content(
                200, "application/json; charset=utf-8", Body.of(StatusJson.of(look.look()))));
  }

  /** The page, with the headers that keep everything foreign out of it. */
  static Page page() {
    String html = read();
    var content =
        new Page.Content(
            200,
            "text/html; charset=utf-8",
            Body.of(html),
            Map.of(
                "Content-Security-Policy",
                "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(hash(html, "style"), hash(html, "script")),
                "Referrer-Policy",
                "no-referrer"));
    return () -> content;
  }

  /** What a policy calls the content of the only element of that name. */
  private static String hash(String html, String element) {
    String begin = "<" + element + ">";
    int from = html.indexOf(begin);
    int to = html.indexOf("</" + element + ">", from);
    if (from < 0 || to < 0) {
      throw new IllegalStateException(FILE + ": no " + begin + " (expected: one)");
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(html.substring(from + begin.length(), to).getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String read() {
    try (InputStream in = StatusPages.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + ": missing (expected: beside StatusPages.class)");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
