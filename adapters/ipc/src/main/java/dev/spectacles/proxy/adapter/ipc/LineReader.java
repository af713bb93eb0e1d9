package dev.spectacles.proxy.adapter.ipc;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Stream of bytes as lines, however they were cut into pieces on their way.
 *
 * <p>Holds one line at most, up to the permitted length. Not thread-safe.
 */
final class LineReader {
  private static final byte[] NOTHING = {};
  private static final int CHUNK = 64 * 1024;

  /** Bytes of a line that is too long by which its sender may be told. */
  private static final int KEPT = 1024;

  private final InputStream in;
  private final int longest;
  private final byte[] chunk = new byte[CHUNK];
  private int from;
  private int to;
  private byte[] line = NOTHING;
  private long length;
  private byte[] head = NOTHING;
  private byte[] tail = NOTHING;

  /** Lines of this stream, of up to so many bytes. */
  LineReader(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** The next line that is not blank; nothing at the end of the stream. */
  Optional<Line> next() throws IOException {
    while (true) {
      int end = lineEnd();
      append(end);
      boolean ended = end < to;
      from = ended ? end + 1 : to;
      if (!ended && !fill()) {
        return length == 0 || isBlank() ? Optional.empty() : Optional.of(take());
      }
      if (ended && isBlank()) {
        take();
      } else if (ended) {
        return Optional.of(take());
      }
    }
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(chunk));
    return to > 0;
  }

  private int lineEnd() {
    int at = from;
    while (at < to && chunk[at] != '\n') {
      at++;
    }
    return at;
  }

  private void append(int end) {
    int added = end - from;
    if (length + added > longest) {
      passOver(end);
    } else if (added > 0) {
      int before = (int) length;
      if (line.length < before + added) {
        // The first piece is the whole line nearly always.
        int capacity = before == 0 ? added : Math.min(longest, Math.max(2 * before, CHUNK));
        line = Arrays.copyOf(line, Math.max(capacity, before + added));
      }
      System.arraycopy(chunk, from, line, before, added);
    }
    length += added;
  }

  private void passOver(int end) {
    if (length <= longest) {
      int before = (int) length;
      head = Arrays.copyOf(line, Math.min(before, KEPT));
      if (head.length < KEPT) {
        head = joined(head, chunk, from, Math.min(end, from + KEPT - head.length));
      }
      tail = Arrays.copyOfRange(line, Math.max(0, before - KEPT), before);
      line = NOTHING;
    }
    tail = joined(tail, chunk, from, end);
    tail = Arrays.copyOfRange(tail, Math.max(0, tail.length - KEPT), tail.length);
  }

  private static byte[] joined(byte[] first, byte[] second, int from, int to) {
    byte[] both = Arrays.copyOf(first, first.length + to - from);
    System.arraycopy(second, from, both, first.length, to - from);
    return both;
  }

  private boolean isBlank() {
    if (length > longest) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private Line take() {
    Line taken =
        length > longest
            ? new Line.TooLong(head, tail, length)
            : new Line.Whole(line, (int) length);
    line = NOTHING;
    head = NOTHING;
    tail = NOTHING;
    length = 0;
    return taken;
  }
}
