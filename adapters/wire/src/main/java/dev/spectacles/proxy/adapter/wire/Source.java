package dev.spectacles.proxy.adapter.wire;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Document that is read front to back, value by value, whatever its format.
 *
 * <p>Every method but {@link #kind} and {@link #position} consumes what it reads. What cannot be
 * read ends in {@link WireException} or in an exception of the format's library; whoever reads has
 * to turn both into an answer.
 */
sealed interface Source permits MessagePackSource, JsonSource {
  /** Levels that a value may be nested, below which it is refused. */
  int DEEPEST = 64;

  /** What a value is. */
  enum Kind {
    NIL("nil"),
    BOOLEAN("a boolean"),
    INTEGER("an integer"),
    FLOAT("a float"),
    TEXT("text"),
    BYTES("bytes"),
    ARRAY("an array"),
    MAP("a map"),
    OTHER("an extension");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }

    /** For error messages. */
    String shown() {
      return shown;
    }
  }

  /** Name of the format, for error messages. */
  String format();

  /** How far it has been read, in the format's own unit, such as {@code byte 17}. */
  String position();

  /** What the next value is. */
  Kind kind() throws IOException, WireException;

  /** Enters a map or array; the number of its entries as declared, 0 where none is. */
  int open() throws IOException, WireException;

  /** Whether an entry of this index is left in what {@link #open} said has that size. */
  boolean more(int index, int size) throws IOException, WireException;

  /** Name of a map's entry, which must be text; its value comes next. */
  String name() throws IOException, WireException;

  /** Text or bytes as text; nothing where they are no UTF-8. */
  Optional<String> text() throws IOException, WireException;

  /** Text or bytes, as they are. */
  byte[] bytes() throws IOException, WireException;

  /** Digits of an integer of any size. */
  String digits() throws IOException, WireException;

  /** Integer as a number; nothing where it does not fit. */
  OptionalLong integer() throws IOException, WireException;

  /** Float in the form that JavaScript prints. */
  String decimal() throws IOException, WireException;

  /** Whether integers of any size are what their writer had; in JSON, JavaScript rounds them. */
  boolean isExact();

  /** Map and all that it holds, byte for byte as it stands there. */
  byte[] raw() throws IOException, WireException;

  /** Boolean. */
  boolean flag() throws IOException, WireException;

  /** Passes over the next value and all that it holds. */
  void skip() throws IOException, WireException;

  /** Checks that nothing follows. */
  void end() throws IOException, WireException;
}
