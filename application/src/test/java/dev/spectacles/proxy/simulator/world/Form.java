package dev.spectacles.proxy.simulator.world;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Body of a write: the JSON object in it, and the files that came with it. */
record Form(Map<String, Object> fields, List<Upload> files) {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");
  private static final Pattern TYPE = Pattern.compile("(?i)content-type: *([^\r]+)");

  /** A file that was sent; of its bytes only what tells them from others is kept. */
  record Upload(String name, String type, int size, String sha256) {}

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException if it is neither JSON nor a form with JSON in it
   */
  static Form of(byte[] body, String contentType) {
    if (contentType.startsWith("multipart/form-data")) {
      return multipart(body, contentType);
    }
    var text = new String(body, StandardCharsets.UTF_8);
    return new Form(text.isBlank() ? Map.of() : JsonText.readObject(text), List.of());
  }

  private static Form multipart(byte[] body, String contentType) {
    // Latin-1 leaves each byte what it is.
    var text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    var delimiter = "\r\n--" + first(BOUNDARY, contentType, "");
    Map<String, Object> fields = Map.of();
    var files = new ArrayList<Upload>();
    int start = text.indexOf(delimiter) + delimiter.length();
    while (!text.startsWith("--", start)) {
      int content = text.indexOf("\r\n\r\n", start);
      int end = text.indexOf(delimiter, start);
      if (content < 0 || end < content) {
        throw new IllegalArgumentException("no multipart form of " + body.length + " bytes");
      }
      var head = text.substring(start, content);
      var bytes = text.substring(content + 4, end).getBytes(StandardCharsets.ISO_8859_1);
      var fileName = FILE_NAME.matcher(head);
      if (first(NAME, head, "").equals("payload_json")) {
        fields = JsonText.readObject(new String(bytes, StandardCharsets.UTF_8));
      } else if (fileName.find()) {
        var type = first(TYPE, head, "application/octet-stream");
        files.add(new Upload(fileName.group(1), type, bytes.length, sha256(bytes)));
      }
      start = end + delimiter.length();
    }
    return new Form(fields, files);
  }

  private static String first(Pattern pattern, String text, String otherwise) {
    Matcher found = pattern.matcher(text);
    return found.find() ? found.group(1) : otherwise;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
