package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpcCodecTest {
  private static final byte[] NOTHING = {};
  private static final IpcKey KEY = IpcKey.ofText("k");

  /** As {@code JSON.stringify} of spectacles.js' {@code Ipc#call} writes it. */
  @Test
  void decode_callOfSpectaclesJs_isARequest() throws Exception {
    var message =
        decode(
            "{\"event\":\"REQUEST\",\"data\":{\"method\":\"POST\",\"path\":\"/channels/1/messages\","
                + "\"body\":{\"type\":\"Buffer\",\"data\":[0,255]},\"query\":{\"a\":\"]}é\\\"\"}},"
                + "\"key\":\"01HX\"}");

    assertThat(message.event()).isEqualTo("REQUEST");
    assertThat(message.key()).contains(new IpcKey("\"01HX\""));
    ProxyRequest request = message.request();
    assertThat(request.method().name()).isEqualTo("POST");
    assertThat(request.body().bytes()).containsExactly(0, -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " { \"key\" : 7 , \"data\" : [ { \"a\" : \"]\" } , 1 ] , \"event\" : \"E\" } \r\n",
        "{\"\\u0065vent\":\"\\u0045\",\"x\":{\"event\":\"no\",\"key\":1},\"y\":null,\"data\":[{\"a\":\"]\"},1],"
            + "\"key\":7}"
      })
  void decode_anyOrderAndSpacing_isTheSame(String line) throws Exception {
    var message = decode(line);

    assertThat(message.event()).isEqualTo("E");
    assertThat(message.key()).contains(new IpcKey("7"));
    assertThat(new String(message.payload(), UTF_8).replace(" ", ""))
        .isEqualTo("[{\"a\":\"]\"},1]");
  }

  @Test
  void decode_withoutKey_hasNone() throws Exception {
    assertThat(decode("{\"event\":\"E\",\"data\":null}").key()).isEmpty();
    assertThat(decode("{\"event\":\"E\",\"data\":1.5,\"key\":null}").key()).isEmpty();
  }

  @Test
  void decode_nodesOwn_isNoMessage() throws Exception {
    byte[] line = "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\"}".getBytes(UTF_8);

    assertThat(IpcCodec.decode(line, line.length)).isEmpty();
    assertThat(decode("{\"event\":\"E\",\"data\":1,\"cmd\":\"NODE_X\"}").event()).isEqualTo("E");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x                                       | line: no object
          [1]                                     | line: no object
          {                                       | line: damaged JSON
          {}                                      | event: missing
          {"cmd":"mine","data":1}                 | event: missing
          {"event":"E"}                           | data: missing
          {"event":"E","data":}                   | line: damaged JSON
          {"event":"E","data":1,}                 | line: damaged JSON
          {"event":"E","data":1 "key":2}          | line: damaged JSON
          {"event":"E","data":1}}                 | line: something follows
          {"event":"E","data":"}                  | line: damaged JSON
          {"event":"E","data":"\\                 | line: damaged JSON
          {"event":"","data":1}                   | event: no text
          {"event":{},"data":1}                   | event: no text
          {"event":"E","event":"F","data":1}      | event: twice
          {"key":1,"key":1,"data":1}              | key: twice
          {"key":null,"key":1,"data":1}           | key: twice
          {"key":1.5,"data":1}                    | key: neither text
          {"key":01,"data":1}                     | key: neither text
          {"key":"\\ud83d","data":1}              | line: half a surrogate pair
          {"key":"\\x","data":1}                  | line: damaged JSON
          """)
  void decode_noMessage_saysWhy(String line, String problem) {
    assertThatThrownBy(() -> decode(line))
        .isInstanceOf(WireException.class)
        .hasMessageStartingWith(problem);
  }

  @Test
  void decode_otherEncodings_areRefused() {
    String line = "{\"event\":\"é\",\"data\":1}";
    for (byte[] bytes : new byte[][] {line.getBytes(ISO_8859_1), line.getBytes(UTF_16LE)}) {
      assertThatThrownBy(() -> IpcCodec.decode(bytes, bytes.length))
          .isInstanceOf(WireException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"text\"", "[1,2]", "null", "tru", "{\"method\":\"GET\",]"})
  void request_ofWhatIsNone_isStatus2(String data) throws Exception {
    var message = decode("{\"event\":\"E\",\"data\":" + data + ",\"key\":1}");

    assertThatThrownBy(message::request)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.status()).isEqualTo(ResponseStatus.INVALID_REQUEST_FORMAT))
        .hasMessageStartingWith("request: ");
  }

  @Test
  void request_large_isReadPieceByPiece() throws Exception {
    String text = "é👍".repeat(50_000);
    String line =
        "{\"event\":\"E\",\"data\":{\"method\":\"PUT\",\"path\":\"/a\",\"body\":\"" + text + "\"}}";

    assertThat(decode(line).request().body().utf8()).isEqualTo(text);
    byte[] cut = line.replace(text, text + "x").getBytes(UTF_8);
    cut[200_000] = (byte) 0xff;
    var damaged = IpcCodec.decode(cut, cut.length).orElseThrow();
    assertThatThrownBy(damaged::request).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void writeAnswer_isReadBack_byteForByte() throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    var answer =
        new ProxyResponse.Http(
            200, Headers.empty().with("a", "é\"\\"), "https://d/u?q=1", Body.of(all));
    byte[] line = answer(answer);

    assertThat(new String(line, ISO_8859_1)).matches("\\p{ASCII}*}\n").contains("[0,1,2,3,");
    var message = IpcCodec.decode(line, line.length).orElseThrow();
    assertThat(message.key()).contains(KEY);
    var read = (ProxyResponse.Http) message.response();
    assertThat(read.body().bytes()).isEqualTo(all);
    assertThat(read.url()).isEqualTo("https://d/u?q=1");
  }

  @Test
  void writeAnswer_failure_isItsStatusAndText() throws Exception {
    var failure = new ProxyResponse.Failure(ResponseStatus.INVALID_PATH, "path: no\nslash");

    assertThat(new String(answer(failure), UTF_8))
        .isEqualTo(
            "{\"event\":\"E\",\"data\":{\"status\":3,\"body\":\"path: no\\n"
                + "slash\"},\"key\":\"k\"}\n");
  }

  @Test
  void writeCall_isReadBack() throws Exception {
    var out = new ByteArrayOutputStream();
    IpcCodec.writeCall(
        out,
        "E",
        KEY,
        "PUT",
        "/é",
        Map.of("q", "v"),
        Map.of("h", "w"),
        Optional.of(new byte[] {1, -1}),
        Optional.of(Duration.ofMillis(1500)));
    byte[] line = out.toByteArray();
    ProxyRequest request = IpcCodec.decode(line, line.length).orElseThrow().request();

    assertThat(request.path().value()).isEqualTo("/é");
    assertThat(request.query()).hasSize(1);
    assertThat(request.headers().joined()).containsEntry("h", "w");
    assertThat(request.body().bytes()).containsExactly(1, -1);
    assertThat(request.timeout()).contains(Duration.ofMillis(1500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\n \"op\": 4,\r\n \"d\": [1.50, \"é\\n\"]\n}", "[]", "{\"type\":\"Buffer\"}"})
  void encodeEvent_json_staysJsonOnOneLine(String json) throws Exception {
    byte[] line = IpcCodec.encodeEvent("3", json.getBytes(UTF_8));

    assertThat(new String(line, UTF_8))
        .isEqualTo(
            "{\"event\":\"3\",\"data\":" + json.replace('\n', ' ').replace('\r', ' ') + "}\n");
    var message = IpcCodec.decode(line, line.length).orElseThrow();
    assertThat(message.key()).isEmpty();
    assertThat(new String(message.payload(), UTF_8)).isEqualToIgnoringWhitespace(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "{", "{}x", "7", "[1,]"})
  void encodeEvent_otherBytes_areABuffer(String text) throws Exception {
    byte[] payload = text.getBytes(UTF_8);
    byte[] line = IpcCodec.encodeEvent("E", payload);

    assertThat(new String(line, UTF_8))
        .startsWith("{\"event\":\"E\",\"data\":{\"type\":\"Buffer\"");
    assertThat(IpcCodec.decode(line, line.length).orElseThrow().payload()).isEqualTo(payload);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"key":"k","data":                      |                         | "k"
          {"event":"E","data":[1,2                |                         |
          {"event":"E","data":[1,2                | 3,4]},"key":"k"}        | "k"
          {"event":"E","data":[1,2                | 3,4]}, "key" : -42 }    | -42
          {"event":"E","data":[1,2                | 3,4]},"key":"k","x":1}  |
          {"event":"E","data":[1,2                | 3,\\"key\\":\\"k\\"}    |
          {"event":"E","data":[1,2                | 3,"key":"é"}            |
          {"event":"E","data":[1,2                | 3,"key":"a\\u0041"}     |
          {"event":"E","data":[1,2                | ,"key":"k"} x           |
          {"key":"first","data":[1                | 2],"key":"last"}        | "first"
          """)
  void findKey_onlyWhereItIsCertain(String head, String tail, String key) {
    byte[] end = tail == null ? NOTHING : tail.getBytes(UTF_8);

    assertThat(IpcCodec.findKey(head.getBytes(UTF_8), end))
        .isEqualTo(Optional.ofNullable(key).map(IpcKey::new));
  }

  @Test
  void messages_neverShowWhatTheyHold() throws Exception {
    var message = decode("{\"event\":\"E\",\"data\":\"secret\",\"key\":\"secret\"}");

    assertThat(message.toString() + message.key()).doesNotContain("secret");
    assertThatThrownBy(() -> decode("{\"event\":\"E\",\"secret\":secret"))
        .message()
        .doesNotContain("secret");
  }

  @Test
  void decode_ofPartOfAnArray_takesNoMore() throws Exception {
    byte[] line = "{\"event\":\"E\",\"data\":1}".getBytes(UTF_8);
    byte[] longer = Arrays.copyOf(line, line.length + 100);
    Arrays.fill(longer, line.length, longer.length, (byte) 'x');

    assertThat(IpcCodec.decode(longer, line.length)).isPresent();
  }

  private static IpcMessage decode(String line) throws WireException {
    byte[] bytes = line.getBytes(UTF_8);
    return IpcCodec.decode(bytes, bytes.length).orElseThrow();
  }

  private static byte[] answer(ProxyResponse response) throws IOException {
    var out = new ByteArrayOutputStream();
    IpcCodec.writeAnswer(out, "E", KEY, response);
    return out.toByteArray();
  }
}
