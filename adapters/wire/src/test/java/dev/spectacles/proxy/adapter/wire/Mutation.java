package dev.spectacles.proxy.adapter.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to damage a message, the same for the same seed. */
final class Mutation {
  /** Bytes with which MessagePack begins what is long, nested or odd. */
  private static final int[] HEADERS = {
    0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca,
    0xcb, 0xcc, 0xcf, 0xd3, 0xd4, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff, 0x7f
  };

  private final Random random;
  private final List<byte[]> corpus;

  Mutation(Random random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  byte[] next() {
    byte[] message = any().clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      message = damage(message);
    }
    return message;
  }

  private byte[] damage(byte[] message) {
    if (message.length == 0) {
      return any().clone();
    }
    int at = random.nextInt(message.length);
    switch (random.nextInt(8)) {
      case 0 -> message[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> message[at] = (byte) random.nextInt(256);
      case 2 -> message[at] = (byte) HEADERS[random.nextInt(HEADERS.length)];
      case 3 -> {
        return Arrays.copyOf(message, at);
      }
      case 4 -> {
        // A length as long as it can be declared, right behind a header that takes one.
        message[at] =
            (byte) (random.nextBoolean() ? 0xc6 + random.nextInt(4) : 0xdb + random.nextInt(5));
        for (int i = at + 1; i < Math.min(message.length, at + 5); i++) {
          message[i] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
        }
      }
      case 5 -> {
        byte[] other = any();
        int from = random.nextInt(other.length);
        return join(Arrays.copyOf(message, at), Arrays.copyOfRange(other, from, other.length));
      }
      case 6 -> {
        // A part of itself once more: duplicated names, mostly.
        int to = at + random.nextInt(message.length - at) + 1;
        return join(Arrays.copyOf(message, to), Arrays.copyOfRange(message, at, message.length));
      }
      default -> {
        int to = Math.min(message.length, at + 1 + random.nextInt(8));
        return join(Arrays.copyOf(message, at), Arrays.copyOfRange(message, to, message.length));
      }
    }
    return message;
  }

  private byte[] any() {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
