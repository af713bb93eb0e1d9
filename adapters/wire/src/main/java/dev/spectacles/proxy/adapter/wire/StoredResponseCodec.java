package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.domain.cache.StoredResponse;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Stored answers as MessagePack values one after the other, for ourselves alone; the first is the
 * version of their form. Spans of time are in nanoseconds.
 */
public final class StoredResponseCodec {
  private static final int VERSION = 1;

  /** More than any answer has; what claims more is none of ours. */
  private static final int MOST_FIELDS = 10_000;

  private StoredResponseCodec() {}

  /** The answer as bytes. */
  public static byte[] encode(StoredResponse response) {
    try (MessageBufferPacker packer = MessagePackFormat.packer()) {
      packer.packInt(VERSION);
      pack(packer, response.answer());
      packer.packTimestamp(response.received());
      packer.packLong(response.initialAge().toNanos());
      packer.packLong(response.lifetime().toNanos());
      packer.packBoolean(response.mustRevalidate());
      packer.packBoolean(response.noCache());
      pack(packer, response.staleIfError());
      pack(packer, response.staleWhileRevalidate());
      pack(packer, response.vary());
      packer.packArrayHeader(response.generations().size());
      for (String generation : response.generations()) {
        packer.packString(generation);
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer; empty for what another version wrote, and for what is none at all. */
  public static Optional<StoredResponse> decode(byte[] bytes) {
    try (MessageUnpacker unpacker = MessagePackFormat.unpacker(bytes)) {
      if (unpacker.unpackInt() != VERSION) {
        return Optional.empty();
      }
      var response =
          new StoredResponse(
              answer(unpacker, bytes.length),
              unpacker.unpackTimestamp(),
              Duration.ofNanos(unpacker.unpackLong()),
              Duration.ofNanos(unpacker.unpackLong()),
              unpacker.unpackBoolean(),
              unpacker.unpackBoolean(),
              duration(unpacker),
              duration(unpacker),
              headers(unpacker),
              texts(unpacker));
      return unpacker.hasNext() ? Optional.empty() : Optional.of(response);
    } catch (IOException | MessagePackException | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static void pack(MessageBufferPacker packer, ProxyResponse.Http answer)
      throws IOException {
    packer.packInt(answer.code());
    pack(packer, answer.headers().fields());
    packer.packString(answer.url());
    packer.packBinaryHeader(answer.body().size());
    packer.addPayload(answer.body().bytes());
  }

  private static void pack(MessageBufferPacker packer, List<Header> headers) throws IOException {
    packer.packArrayHeader(headers.size());
    for (Header header : headers) {
      packer.packString(header.name());
      packer.packString(header.value());
    }
  }

  private static void pack(MessageBufferPacker packer, Optional<Duration> duration)
      throws IOException {
    // Never negative when it is there.
    packer.packLong(duration.map(Duration::toNanos).orElse(-1L));
  }

  private static ProxyResponse.Http answer(MessageUnpacker unpacker, int most) throws IOException {
    int code = unpacker.unpackInt();
    var headers = new Headers(headers(unpacker));
    String url = unpacker.unpackString();
    int size = unpacker.unpackBinaryHeader();
    if (size > most) {
      throw new IllegalArgumentException("body: " + size + " bytes (expected: <= " + most + ")");
    }
    return new ProxyResponse.Http(code, headers, url, Body.of(unpacker.readPayload(size)));
  }

  private static List<Header> headers(MessageUnpacker unpacker) throws IOException {
    int count = count(unpacker);
    var headers = new ArrayList<Header>();
    for (int i = 0; i < count; i++) {
      headers.add(new Header(unpacker.unpackString(), unpacker.unpackString()));
    }
    return headers;
  }

  private static List<String> texts(MessageUnpacker unpacker) throws IOException {
    int count = count(unpacker);
    var texts = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      texts.add(unpacker.unpackString());
    }
    return texts;
  }

  private static int count(MessageUnpacker unpacker) throws IOException {
    int count = unpacker.unpackArrayHeader();
    if (count > MOST_FIELDS) {
      throw new IllegalArgumentException(
          "fields: " + count + " (expected: <= " + MOST_FIELDS + ")");
    }
    return count;
  }

  private static Optional<Duration> duration(MessageUnpacker unpacker) throws IOException {
    long nanos = unpacker.unpackLong();
    return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }
}
