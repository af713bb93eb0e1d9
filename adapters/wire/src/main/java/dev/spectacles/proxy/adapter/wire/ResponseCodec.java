package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePackException;

/** Answer to its bytes in MessagePack and, for a worker's side, back. */
public final class ResponseCodec {
  private ResponseCodec() {}

  /** Answer as the callers in use read it, keys in the protocol's order. */
  public static byte[] encode(ProxyResponse response) {
    try (MessageBufferPacker packer = MessagePackFormat.packer()) {
      packer.packMapHeader(2);
      packer.packString(ResponseReader.STATUS).packInt(response.status().code());
      packer.packString(ResponseReader.BODY);
      switch (response) {
        case ProxyResponse.Http http -> pack(packer, http);
        case ProxyResponse.Failure failure -> packer.packString(failure.message());
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("response: could not be packed into memory", e);
    }
  }

  /** Answer that such bytes hold; keys in any order, unknown ones ignored. */
  public static ProxyResponse decode(byte[] payload) throws WireException {
    var source = new MessagePackSource(payload);
    try {
      ProxyResponse response = new ResponseReader(source).read();
      source.end();
      return response;
    } catch (WireException e) {
      throw new WireException("response: " + e.getMessage() + ", at " + source.position());
    } catch (IOException | MessagePackException e) {
      // Without its message, which may quote the payload.
      throw new WireException("response: damaged MessagePack, at " + source.position());
    }
  }

  private static void pack(MessageBufferPacker packer, ProxyResponse.Http http) throws IOException {
    packer.packMapHeader(4);
    packer.packString(ResponseReader.STATUS).packInt(http.code());
    packer.packString(ResponseReader.HEADERS);
    RequestCodec.pack(packer, http.headers().joined());
    packer.packString(ResponseReader.URL).packString(http.url());
    packer.packString(ResponseReader.BODY).packBinaryHeader(http.body().size());
    packer.addPayload(http.body().bytes());
  }
}
