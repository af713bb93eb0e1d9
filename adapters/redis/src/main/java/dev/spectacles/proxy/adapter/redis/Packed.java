package dev.spectacles.proxy.adapter.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * MessagePack as Redis' scripts read it: arrays, texts and small numbers, all that there is in
 * their longest form. One argument in place of hundreds, each of which costs the client and the
 * server as much as what is in it. Source: MessagePack specification.
 */
final class Packed {
  private static final byte TEXT = (byte) 0xdb;
  private static final byte ARRAY = (byte) 0xdd;
  private static final byte NUMBER = (byte) 0xce;
  private static final int HEADER = 5;

  private byte[] bytes;
  private int size;

  /** Nothing yet, with room for so many bytes before it grows. */
  Packed(int room) {
    bytes = new byte[room];
  }

  /** Begins an array; {@link #count} says where how many are in it. */
  int array() {
    header(ARRAY, 0);
    return size - Integer.BYTES;
  }

  /** Says how many are in the array that begins here. */
  void count(int array, int count) {
    ByteBuffer.wrap(bytes).putInt(array, count);
  }

  /** Adds text, or any bytes. */
  void text(byte[] text) {
    header(TEXT, text.length);
    reserve(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  /** Adds a number that is not negative. */
  void number(int number) {
    header(NUMBER, number);
  }

  int size() {
    return size;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void header(byte type, int value) {
    reserve(HEADER);
    ByteBuffer.wrap(bytes, size, HEADER).put(type).putInt(value);
    size += HEADER;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
