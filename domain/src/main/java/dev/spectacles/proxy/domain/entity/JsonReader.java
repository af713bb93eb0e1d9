package dev.spectacles.proxy.domain.entity;

/** Reads JSON as deep as entities are looked into. Thread-safe. */
public interface JsonReader {
  /**
   * Object that the bytes are.
   *
   * @param json not changed by anybody from now on
   * @throws InvalidEventException if they are no JSON object; its message shows nothing of them
   */
  JsonObject read(byte[] json) throws InvalidEventException;
}
