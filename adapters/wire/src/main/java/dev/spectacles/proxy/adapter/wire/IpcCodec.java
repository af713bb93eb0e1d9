package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lines of IPC: objects of {@code event}, {@code data} and, where an answer is expected or given,
 * {@code key}.
 *
 * <p>What is written is one line with its end. Requests and answers go to a stream of the caller's
 * piece by piece: a body takes up to four characters a byte, too many to lay them ready.
 */
public final class IpcCodec {
  private static final String EVENT = "event";
  private static final String DATA = "data";
  private static final String KEY = "key";

  /** Last field of a line: what is before it decides nothing, if the line is an object. */
  private static final Pattern LAST_KEY =
      Pattern.compile("[,{]\\s*\"key\"\\s*:\\s*(\"[^\"\\\\\\p{Cntrl}]*\"|-?[0-9]{1,30})\\s*}\\s*$");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          // Half a surrogate pair can be written so, and nothing in a line has to be UTF-8.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private IpcCodec() {}

  /**
   * Message of a line; nothing where it is Node's own.
   *
   * @param line its first {@code length} bytes, with or without its end; not to be changed again
   * @throws WireException if it is no message; whether it can be answered, {@link #findKey} tells
   */
  public static Optional<IpcMessage> decode(byte[] line, int length) throws WireException {
    var envelope = new IpcEnvelope(line, length);
    Optional<String> problem = envelope.read();
    if (problem.isPresent()) {
      throw new WireException(problem.get());
    }
    if (envelope.isNodesOwn()) {
      return Optional.empty();
    }
    if (envelope.event() == null && envelope.key() == null) {
      throw new WireException("event: missing (expected: the name of an event)");
    }
    IpcEnvelope.Range data =
        envelope
            .data()
            .orElseThrow(() -> new WireException("data: missing (expected: what is asked for)"));
    return Optional.of(
        new IpcMessage(
            Objects.requireNonNullElse(envelope.event(), ""),
            Optional.ofNullable(envelope.key()),
            line,
            data));
  }

  /**
   * Key of a line that is no message or too long to be kept, if it can be told.
   *
   * @param head where the line begins, as far as it was kept
   * @param tail where it ends, if nobody has looked at what is before that; else empty
   */
  public static Optional<IpcKey> findKey(byte[] head, byte[] tail) {
    var envelope = new IpcEnvelope(head, head.length);
    boolean whole = envelope.read().isEmpty();
    if (whole || envelope.key() != null) {
      return Optional.ofNullable(envelope.key());
    }
    // What is not ASCII is replaced here, and would be another key than the caller's.
    var last = LAST_KEY.matcher(new String(tail, US_ASCII));
    return last.find() && last.group(1).indexOf('\uFFFD') < 0
        ? Optional.of(new IpcKey(last.group(1)))
        : Optional.empty();
  }

  /** Writes an answer. */
  public static void writeAnswer(OutputStream out, String event, IpcKey key, ProxyResponse response)
      throws IOException {
    try (JsonGenerator json = open(out, event)) {
      json.writeStartObject();
      json.writeNumberField(ResponseReader.STATUS, response.status().code());
      switch (response) {
        case ProxyResponse.Http http -> write(json, http);
        case ProxyResponse.Failure failure ->
            json.writeStringField(ResponseReader.BODY, failure.message());
      }
      json.writeEndObject();
      end(json, Optional.of(key));
    }
  }

  /**
   * Writes a request; nothing is checked, as the proxy is the one to judge it.
   *
   * @param timeout when to give up, counted from its arrival
   */
  public static void writeCall(
      OutputStream out,
      String event,
      IpcKey key,
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      Optional<byte[]> body,
      Optional<Duration> timeout)
      throws IOException {
    try (JsonGenerator json = open(out, event)) {
      json.writeStartObject();
      json.writeStringField(RequestReader.METHOD, method);
      json.writeStringField(RequestReader.PATH, path);
      write(json, RequestReader.QUERY, query);
      write(json, RequestReader.HEADERS, headers);
      if (body.isPresent()) {
        write(json, RequestReader.BODY, body.get());
      }
      if (timeout.isPresent()) {
        json.writeObjectFieldStart(RequestReader.TIMEOUT);
        json.writeNumberField("secs", timeout.get().toSeconds());
        json.writeNumberField("nanos", timeout.get().toNanosPart());
        json.writeEndObject();
      }
      json.writeEndObject();
      end(json, Optional.of(key));
    }
  }

  /**
   * Line of an event. An object or list of JSON stands in it as that; any other bytes as Node.js
   * writes a {@code Buffer}.
   */
  public static byte[] encodeEvent(String event, byte[] payload) {
    var line = new ByteArrayOutputStream(payload.length + event.length() + 64);
    try (JsonGenerator json = open(line, event)) {
      if (isJson(payload)) {
        // Line ends stand between values only, where every white space is the same.
        json.writeRawValue(new String(payload, UTF_8).replace('\n', ' ').replace('\r', ' '));
      } else {
        json.writeStartObject();
        json.writeStringField("type", "Buffer");
        write(json, DATA, payload);
        json.writeEndObject();
      }
      end(json, Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException("event: could not be written into memory", e);
    }
    return line.toByteArray();
  }

  private static boolean isJson(byte[] payload) {
    if (payload.length == 0 || (payload[0] != '{' && payload[0] != '[')) {
      return false;
    }
    try {
      JsonSource source = JsonSource.of(payload);
      source.skip();
      source.end();
      return true;
    } catch (IOException | WireException bytesOnly) {
      return false;
    }
  }

  private static JsonGenerator open(OutputStream out, String event) throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeStringField(EVENT, event);
    json.writeFieldName(DATA);
    return json;
  }

  private static void end(JsonGenerator json, Optional<IpcKey> key) throws IOException {
    if (key.isPresent()) {
      json.writeFieldName(KEY);
      json.writeRawValue(key.get().literal());
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static void write(JsonGenerator json, ProxyResponse.Http http) throws IOException {
    json.writeObjectFieldStart(ResponseReader.BODY);
    json.writeNumberField(ResponseReader.STATUS, http.code());
    write(json, ResponseReader.HEADERS, http.headers().joined());
    json.writeStringField(ResponseReader.URL, http.url());
    write(json, ResponseReader.BODY, http.body().bytes());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> map)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (var entry : map.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, byte[] bytes) throws IOException {
    json.writeArrayFieldStart(name);
    for (byte each : bytes) {
      json.writeNumber(Byte.toUnsignedInt(each));
    }
    json.writeEndArray();
  }
}
