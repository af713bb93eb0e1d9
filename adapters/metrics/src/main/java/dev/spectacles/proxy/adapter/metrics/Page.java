package dev.spectacles.proxy.adapter.metrics;

import dev.spectacles.proxy.application.port.in.CheckReadiness;
import dev.spectacles.proxy.application.port.in.CheckReadiness.Readiness;
import dev.spectacles.proxy.domain.request.Body;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One page of the {@link MetricsServer}, made anew each time somebody asks for it. Thread-safe. */
@FunctionalInterface
public interface Page {
  /**
   * What is answered.
   *
   * @param status of HTTP
   * @param type its media type, with the charset
   * @param headers beside those that every page has, by their names
   */
  record Content(int status, String type, Body body, Map<String, String> headers) {
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    public Content {
      headers = Map.copyOf(headers);
    }

    /** Without headers of its own. */
    public Content(int status, String type, Body body) {
      this(status, type, body, Map.of());
    }

    /** Plain text. */
    public static Content text(int status, String text) {
      return new Content(status, PLAIN_TEXT, Body.of(text));
    }
  }

  /** What is to be seen now; whoever asked waits for it. */
  Content content() throws InterruptedException;

  /** 200 while requests are served, else 503 with a line for each reason why not. */
  static Page readiness(CheckReadiness check) {
    return () -> {
      Readiness found = check.check();
      return found.isReady()
          ? Content.text(200, "ready\n" + lines(found.notes()))
          : Content.text(503, "not ready\n" + lines(found.reasons()) + lines(found.notes()));
    };
  }

  private static String lines(List<String> texts) {
    return texts.stream().map(text -> text + "\n").collect(Collectors.joining());
  }
}
