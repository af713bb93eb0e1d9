package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.BrokerException;
import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import java.util.OptionalInt;

/** File descriptor that a parent in Node.js leaves its child for their channel. */
final class NodeDescriptor {
  static final String VARIABLE = "NODE_CHANNEL_FD";
  private static final String SERIALIZATION = "NODE_CHANNEL_SERIALIZATION_MODE";
  private static final int MOST_DIGITS = 6;

  private NodeDescriptor() {}

  /**
   * Its number, if a parent in Node.js left one.
   *
   * @throws IllegalArgumentException if it cannot be used
   */
  static OptionalInt find(Map<String, String> environment) {
    String text = environment.get(VARIABLE);
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!text.matches("[0-9]{1," + MOST_DIGITS + "}")) {
      throw new IllegalArgumentException(
          "ipc.transport: node, with " + VARIABLE + " = " + text + " (expected: a descriptor)");
    }
    String mode = environment.getOrDefault(SERIALIZATION, "json");
    if (!mode.equals("json")) {
      throw new IllegalArgumentException(
          "ipc.transport: node, with "
              + SERIALIZATION
              + " = "
              + mode
              + " (expected: json, the default of spawn and fork)");
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  /**
   * Descriptor of that number.
   *
   * @throws BrokerException if the JVM does not let us make one
   */
  static FileDescriptor of(int number) {
    return switch (number) {
      case 0 -> FileDescriptor.in;
      case 1 -> FileDescriptor.out;
      case 2 -> FileDescriptor.err;
      default -> made(number);
    };
  }

  /** The JDK has no door to a descriptor that is neither a file nor one of the standard three. */
  private static FileDescriptor made(int number) {
    var descriptor = new FileDescriptor();
    try {
      Field field = FileDescriptor.class.getDeclaredField("fd");
      field.setAccessible(true);
      field.setInt(descriptor, number);
      return descriptor;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw new BrokerException(
          "the channel of Node.js cannot be opened: start with java -jar spectacles-proxy.jar, or"
              + " with --add-opens java.base/java.io=ALL-UNNAMED",
          e);
    }
  }
}
