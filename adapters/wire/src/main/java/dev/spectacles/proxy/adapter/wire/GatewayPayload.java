package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.domain.entity.InvalidEventException;
import dev.spectacles.proxy.domain.entity.JsonObject;
import java.io.IOException;
import org.msgpack.core.MessagePackException;

/**
 * Payload of a gateway's event, in whatever form its publisher gives it: JSON; JSON as text or
 * bytes of MessagePack, as the Go gateway does; or a map of MessagePack, which becomes JSON with
 * every integer as it was and bytes as text. Thread-safe.
 */
public final class GatewayPayload {
  private final int largest;
  private final EntityJson json;

  /**
   * Decoder of payloads up to a size.
   *
   * @param largest in bytes, as it is received and as JSON; what is larger is refused
   */
  public GatewayPayload(int largest) {
    this.largest = largest;
    json = new EntityJson(largest);
  }

  /**
   * The event's data.
   *
   * @param payload not changed by anybody from now on
   * @throws InvalidEventException if it is no object; its message shows nothing of it
   */
  public JsonObject decode(byte[] payload) throws InvalidEventException {
    EntityJson.checkSize(payload.length, largest);
    if (payload.length == 0) {
      throw new InvalidEventException("event: no bytes");
    }
    int first = payload[0] & 0xff;
    if (isText(first)) {
      return json.read(text(payload));
    }
    return json.read(isMap(first) ? map(payload) : payload);
  }

  private static boolean isText(int first) {
    return (first >= 0xa0 && first <= 0xbf)
        || (first >= 0xc4 && first <= 0xc6)
        || (first >= 0xd9 && first <= 0xdb);
  }

  private static boolean isMap(int first) {
    return (first >= 0x80 && first <= 0x8f) || first == 0xde || first == 0xdf;
  }

  private static byte[] text(byte[] payload) throws InvalidEventException {
    try {
      var source = new MessagePackSource(payload);
      byte[] text = source.bytes();
      source.end();
      return text;
    } catch (WireException | IOException | MessagePackException e) {
      throw damaged();
    }
  }

  private byte[] map(byte[] payload) throws InvalidEventException {
    try {
      return MessagePackJson.of(payload, largest);
    } catch (WireException e) {
      throw new InvalidEventException("event: " + e.getMessage());
    } catch (IOException | MessagePackException e) {
      throw damaged();
    }
  }

  /** Without a cause or its message, which may quote the payload. */
  private static InvalidEventException damaged() {
    return new InvalidEventException("event: damaged MessagePack");
  }
}
