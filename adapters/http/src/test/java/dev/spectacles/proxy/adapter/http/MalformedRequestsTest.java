package dev.spectacles.proxy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are no HTTP/1.1, or whose end can be read in two ways. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRequestsTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";

  private OpenDoor door;

  @BeforeAll
  void open() throws IOException, InterruptedException {
    door = new OpenDoor(OpenDoor.echo());
  }

  @AfterAll
  void close() {
    door.close();
  }

  private static String post(String headers, String body) {
    return "POST /x HTTP/1.1\r\n" + HOST + headers + "\r\n" + body;
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("no HTTP at all", "hello\r\n\r\n", 400),
        Arguments.of("HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        Arguments.of("no host", "GET /x HTTP/1.1\r\n\r\n", 400),
        Arguments.of("two hosts", "GET /x HTTP/1.1\r\n" + HOST + HOST + "\r\n", 400),
        Arguments.of(
            "eight bytes behind the keys of an early WebSocket",
            "GET /x HTTP/1.1\r\n"
                + HOST
                + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n12345678"
                + SMUGGLED,
            400),
        Arguments.of(
            "length and chunks",
            post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of(
            "chunks and length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of(
            "two lengths",
            post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc" + SMUGGLED),
            400),
        Arguments.of(
            "the same length twice",
            post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc" + SMUGGLED),
            400),
        Arguments.of("length with a sign", post("Content-Length: +3\r\n", "abc" + SMUGGLED), 400),
        Arguments.of("negative length", post("Content-Length: -3\r\n", "abc" + SMUGGLED), 400),
        Arguments.of(
            "other encoding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400),
        Arguments.of(
            "encoding in disguise",
            post("Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of(
            "encoding twice",
            post(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of(
            "space before the colon", post("Content-Length : 3\r\n", "abc" + SMUGGLED), 400),
        Arguments.of("bare CR", "GET /x HTTP/1.1\r\n" + HOST + "X-A: b\rX-C: d\r\n\r\n", 400),
        Arguments.of("bare LF", "GET /x HTTP/1.1\n" + HOST + "X-A: b\nX-C: d\r\n\r\n", 400),
        Arguments.of("NUL in a value", "GET /x HTTP/1.1\r\n" + HOST + "X-A: \u0000\r\n\r\n", 400),
        Arguments.of(
            "octet above ASCII", "GET /x HTTP/1.1\r\n" + HOST + "X-A: \u00fc\r\n\r\n", 400),
        Arguments.of(
            "chunk size that is none",
            post("Transfer-Encoding: chunked\r\n", "xyz\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of(
            "chunk that does not end",
            post("Transfer-Encoding: chunked\r\n", "3\r\nabcd\r\n0\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of(
            "chunk extension with a bare LF",
            post("Transfer-Encoding: chunked\r\n", "3;a\nabc\r\n0\r\n\r\n" + SMUGGLED),
            400),
        Arguments.of("other expectation", post("Expect: more\r\n", ""), 417),
        Arguments.of("line too long", "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n\r\n", 414),
        Arguments.of(
            "headers too large",
            "GET /x HTTP/1.1\r\n" + HOST + "X-A: " + "a".repeat(17_000) + "\r\n\r\n",
            431),
        Arguments.of("body too large", post("Content-Length: 99999999\r\n", "abc"), 413),
        Arguments.of(
            "authorised twice",
            "GET /x HTTP/1.1\r\n" + HOST + "Authorization: a\r\nAuthorization: b\r\n\r\n",
            400),
        Arguments.of("path that leaves", "GET /api/../x HTTP/1.1\r\n" + HOST + "\r\n", 400),
        Arguments.of("a tunnel", "CONNECT x:1 HTTP/1.1\r\n" + HOST + "\r\n", 400));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformed_isRefusedAndNothingFollows(String what, String request, int code)
      throws IOException {
    try (var caller = door.caller()) {
      caller.write(request);
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.code()).isEqualTo(code);
      assertThat(answer.header("x-spectacles-source")).isEqualTo("proxy");
      if (answer.header("connection").equals("close")) {
        assertThat(caller.isClosed()).isTrue();
      }
    }
    assertThat(door.seen).noneMatch(request1 -> request1.path().value().equals("/smuggled"));
  }

  @Test
  void chunkedBodyTooLarge_isRefusedWhileItComes() throws Exception {
    try (var caller = door.caller()) {
      caller.write("POST /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = "10000\r\n" + "a".repeat(65_536) + "\r\n";
      for (int i = 0; i < 257; i++) {
        caller.write(chunk);
      }
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.code()).isEqualTo(413);
      assertThat(answer.header("connection")).isEqualTo("close");
    }
  }
}
