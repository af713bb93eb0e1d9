package dev.spectacles.proxy.adapter.wire;

import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/** Only door to the MessagePack library, so that its settings are in place before its first use. */
final class MessagePackFormat {
  private static final String UNIVERSAL_BUFFER = "msgpack.universal-buffer";
  private static final MessagePack.PackerConfig PACKER;

  static {
    // The library's default goes through sun.misc.Unsafe, of which JDK 24 and newer warn on stderr.
    if (System.getProperty(UNIVERSAL_BUFFER) == null) {
      System.setProperty(UNIVERSAL_BUFFER, "true");
    }
    // Head of a usual response; bodies do not go through this buffer but for small ones.
    PACKER = new MessagePack.PackerConfig().withBufferSize(2048).withBufferFlushThreshold(1024);
  }

  private MessagePackFormat() {}

  static MessageUnpacker unpacker(byte[] payload) {
    return MessagePack.newDefaultUnpacker(payload);
  }

  static MessageBufferPacker packer() {
    return PACKER.newBufferPacker();
  }
}
