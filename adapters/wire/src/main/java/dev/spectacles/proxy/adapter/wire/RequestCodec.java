package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.msgpack.core.MessageBufferPacker;

/** Bytes of a request to its value and, for a worker's side, back. */
public final class RequestCodec {
  private RequestCodec() {}

  /**
   * Request in MessagePack, or in JSON where the first byte is <code>{</code>.
   *
   * <p>What cannot be read is status 2. Otherwise the lowest status of any field decides, whatever
   * their order.
   */
  public static ProxyRequest decode(byte[] payload) throws InvalidRequestException {
    return new RequestReader(open(payload)).read();
  }

  /**
   * Request in MessagePack, as the clients in use write it: the body as bin, and neither empty maps
   * nor an absent body. Nothing is checked: the proxy is the one to judge it.
   */
  public static byte[] encode(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      Optional<byte[]> body) {
    int fields =
        2 + (query.isEmpty() ? 0 : 1) + (headers.isEmpty() ? 0 : 1) + (body.isPresent() ? 1 : 0);
    try (MessageBufferPacker packer = MessagePackFormat.packer()) {
      packer.packMapHeader(fields);
      packer.packString(RequestReader.METHOD).packString(method);
      packer.packString(RequestReader.PATH).packString(path);
      if (!query.isEmpty()) {
        packer.packString(RequestReader.QUERY);
        pack(packer, query);
      }
      if (body.isPresent()) {
        packer.packString(RequestReader.BODY).packBinaryHeader(body.get().length);
        packer.addPayload(body.get());
      }
      if (!headers.isEmpty()) {
        packer.packString(RequestReader.HEADERS);
        pack(packer, headers);
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("request: could not be packed into memory", e);
    }
  }

  static void pack(MessageBufferPacker packer, Map<String, String> map) throws IOException {
    packer.packMapHeader(map.size());
    for (var entry : map.entrySet()) {
      packer.packString(entry.getKey()).packString(entry.getValue());
    }
  }

  private static Source open(byte[] payload) throws InvalidRequestException {
    if (payload.length == 0 || payload[0] != '{') {
      return new MessagePackSource(payload);
    }
    try {
      return JsonSource.of(payload);
    } catch (IOException | WireException e) {
      // The library's message would quote the payload.
      throw new InvalidRequestException(
          ResponseStatus.INVALID_REQUEST_FORMAT, "request: no JSON in UTF-8");
    }
  }
}
