package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePackException;

/**
 * Kept answer to its bytes in MessagePack and back: an array that begins with the layout's version,
 * for instances of different versions may share a store.
 */
public final class StoredResponseCodec {
  /** To be raised with every change of the array. */
  static final int VERSION = 1;

  static final int FIELDS = 13;
  static final int MUST_REVALIDATE = 1;
  static final int NO_CACHE = 2;

  private StoredResponseCodec() {}

  /** Bytes to be kept. */
  public static byte[] encode(StoredResponse stored) {
    try (MessageBufferPacker packer = MessagePackFormat.packer()) {
      packer.packArrayHeader(FIELDS);
      packer.packInt(VERSION);
      Instant received = stored.received();
      pack(packer, received.getEpochSecond(), received.getNano());
      pack(packer, stored.initialAge());
      pack(packer, stored.lifetime());
      packer.packInt(
          (stored.mustRevalidate() ? MUST_REVALIDATE : 0) | (stored.noCache() ? NO_CACHE : 0));
      pack(packer, stored.staleIfError());
      pack(packer, stored.staleWhileRevalidate());
      packHeaders(packer, stored.vary());
      packer.packArrayHeader(stored.generations().size());
      for (String generation : stored.generations()) {
        packer.packString(generation);
      }
      ProxyResponse.Http answer = stored.answer();
      packer.packInt(answer.code());
      packHeaders(packer, answer.headers().fields());
      packer.packString(answer.url());
      packer.packBinaryHeader(answer.body().size());
      packer.addPayload(answer.body().bytes());
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("answer: could not be packed into memory", e);
    }
  }

  /** Answer that such bytes hold; nothing for those of another version, damaged or foreign ones. */
  public static Optional<StoredResponse> decode(byte[] bytes) {
    var source = new MessagePackSource(bytes);
    try {
      Optional<StoredResponse> stored = new StoredResponseReader(source).read();
      if (stored.isPresent()) {
        source.end();
      }
      return stored;
    } catch (IOException
        | WireException
        | MessagePackException
        | DateTimeException
        | ArithmeticException e) {
      // A miss, which needs no reason.
      return Optional.empty();
    }
  }

  private static void pack(MessageBufferPacker packer, Optional<Duration> duration)
      throws IOException {
    if (duration.isPresent()) {
      pack(packer, duration.get());
    } else {
      packer.packNil();
    }
  }

  private static void pack(MessageBufferPacker packer, Duration duration) throws IOException {
    pack(packer, duration.getSeconds(), duration.getNano());
  }

  private static void pack(MessageBufferPacker packer, long seconds, int nanos) throws IOException {
    packer.packArrayHeader(2).packLong(seconds).packInt(nanos);
  }

  /** One after the other, as a name may be there more than once. */
  private static void packHeaders(MessageBufferPacker packer, List<Header> headers)
      throws IOException {
    packer.packArrayHeader(2 * headers.size());
    for (Header header : headers) {
      packer.packString(header.name()).packString(header.value());
    }
  }
}
