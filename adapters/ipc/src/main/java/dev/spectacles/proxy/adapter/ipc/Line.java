package dev.spectacles.proxy.adapter.ipc;

/** What stands between two line ends. */
sealed interface Line {
  /** How many bytes it has, without its end. */
  long length();

  /** Line that may be read. */
  final class Whole implements Line {
    private final byte[] bytes;
    private final int length;

    Whole(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }

    /** Of which the first {@link #length} belong to it; nobody else's from now on. */
    byte[] bytes() {
      return bytes;
    }

    @Override
    public long length() {
      return length;
    }
  }

  /** Line that was longer than permitted, and was passed over. */
  final class TooLong implements Line {
    private final byte[] head;
    private final byte[] tail;
    private final long length;

    TooLong(byte[] head, byte[] tail, long length) {
      this.head = head;
      this.tail = tail;
      this.length = length;
    }

    /** Its first bytes. */
    byte[] head() {
      return head;
    }

    /** Its last bytes. */
    byte[] tail() {
      return tail;
    }

    @Override
    public long length() {
      return length;
    }
  }
}
