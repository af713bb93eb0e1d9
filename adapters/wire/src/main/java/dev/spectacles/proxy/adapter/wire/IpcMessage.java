package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** One line of IPC, of which only the envelope was looked at. */
public final class IpcMessage {
  private final String event;
  private final Optional<IpcKey> key;
  private final byte[] line;
  private final IpcEnvelope.Range data;

  IpcMessage(String event, Optional<IpcKey> key, byte[] line, IpcEnvelope.Range data) {
    this.event = event;
    this.key = key;
    this.line = line;
    this.data = data;
  }

  /** Name of the event; empty where an answer has none. */
  public String event() {
    return event;
  }

  /** What the answer has to bear; without it none is expected. */
  public Optional<IpcKey> key() {
    return key;
  }

  /** The data as a request; refused as {@link RequestCodec#decode} does. */
  public ProxyRequest request() throws InvalidRequestException {
    JsonSource source;
    try {
      source = JsonSource.of(line, data.from(), data.length());
    } catch (IOException | WireException e) {
      // The library's message would quote the payload.
      throw new InvalidRequestException(
          ResponseStatus.INVALID_REQUEST_FORMAT, "request: no JSON in UTF-8");
    }
    return new RequestReader(source).read();
  }

  /** The data as an answer. */
  public ProxyResponse response() throws WireException {
    try {
      var source = JsonSource.of(line, data.from(), data.length());
      ProxyResponse response = new ResponseReader(source).read();
      source.end();
      return response;
    } catch (WireException e) {
      throw new WireException("response: " + e.getMessage());
    } catch (IOException e) {
      // Without its message, which may quote the payload.
      throw new WireException("response: damaged JSON");
    }
  }

  /** The data as an event's payload: the bytes of a {@code Buffer} of Node.js, else JSON. */
  public byte[] payload() {
    if (line[data.from()] == '{') {
      try {
        JsonSource source = JsonSource.of(line, data.from(), data.length());
        byte[] bytes = new BodyReader(source).read();
        source.end();
        return bytes;
      } catch (IOException | WireException noBuffer) {
        // Whoever reads it finds out whether it is anything else.
        return json();
      }
    }
    return json();
  }

  private byte[] json() {
    return Arrays.copyOfRange(line, data.from(), data.to());
  }

  /** Neither event nor data: they may hold credentials. */
  @Override
  public String toString() {
    return "IpcMessage[" + data.length() + " bytes of data]";
  }
}
