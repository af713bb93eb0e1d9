package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.io.OutputStream;

/** Prints an HTTP answer: as it came, or for people. */
final class AnswerPrinter {
  private AnswerPrinter() {}

  /**
   * Prints the answer.
   *
   * @param raw the body's bytes only; otherwise status, headers and body, JSON indented
   */
  static void print(ProxyResponse.Http answer, boolean raw, OutputStream out) throws IOException {
    byte[] body = answer.body().bytes();
    if (raw) {
      out.write(body);
      out.flush();
      return;
    }
    var head = new StringBuilder();
    head.append("HTTP ").append(answer.code()).append(' ').append(answer.url()).append('\n');
    for (Header field : answer.headers().fields()) {
      head.append(field.name()).append(": ").append(field.value()).append('\n');
    }
    out.write(head.append('\n').toString().getBytes(UTF_8));
    out.write(Json.pretty(body).map(json -> (json + "\n").getBytes(UTF_8)).orElse(body));
    out.flush();
  }
}
