package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.spi.RequestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns the arguments of {@code call} into a request. */
final class CallArguments {
  private static final String AUTHORIZATION = "authorization";

  /** Anything else may be the token itself. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,39}");

  private static final String CONTENT_TYPE = "content-type";

  private CallArguments() {}

  /** An argument that cannot be used; the message names it. */
  static final class WrongArgumentException extends Exception {
    WrongArgumentException(String message) {
      super(message);
    }
  }

  static RequestClient.Call request(
      String method,
      String path,
      List<String> query,
      List<String> headers,
      Optional<String> data,
      Optional<String> tokenVariable,
      Surroundings surroundings)
      throws WrongArgumentException, IOException {
    Map<String, String> fields = headers(headers);
    if (tokenVariable.isPresent()) {
      String token = token(tokenVariable.get(), surroundings);
      if (has(fields, AUTHORIZATION)) {
        throw new WrongArgumentException(
            "--token-env: given together with -H authorization (expected: one of them)");
      }
      fields.put("Authorization", token);
    }
    Optional<byte[]> body = data.isPresent() ? body(data.get(), surroundings) : Optional.empty();
    if (body.isPresent() && !has(fields, CONTENT_TYPE) && Json.isStructure(body.get())) {
      fields.put("Content-Type", "application/json");
    }
    return new RequestClient.Call(method, path, query(query), fields, body);
  }

  private static Map<String, String> headers(List<String> headers) throws WrongArgumentException {
    var fields = new LinkedHashMap<String, String>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        // The value is not shown: it may be a token.
        throw new WrongArgumentException("-H: no colon (expected: NAME:VALUE)");
      }
      String name = header.substring(0, colon).strip();
      if (has(fields, name)) {
        throw new WrongArgumentException("-H: " + name + " given twice (expected: once)");
      }
      fields.put(name, header.substring(colon + 1).strip());
    }
    return fields;
  }

  private static Map<String, String> query(List<String> query) throws WrongArgumentException {
    var parameters = new LinkedHashMap<String, String>();
    for (String parameter : query) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new WrongArgumentException("-q: " + parameter + " (expected: NAME=VALUE)");
      }
      String name = parameter.substring(0, equals);
      if (parameters.putIfAbsent(name, parameter.substring(equals + 1)) != null) {
        throw new WrongArgumentException("-q: " + name + " given twice (expected: once)");
      }
    }
    return parameters;
  }

  private static Optional<byte[]> body(String data, Surroundings surroundings)
      throws WrongArgumentException, IOException {
    if (data.equals("@-")) {
      return Optional.of(surroundings.in().readAllBytes());
    }
    if (!data.startsWith("@")) {
      return Optional.of(data.getBytes(UTF_8));
    }
    Path file = surroundings.directory().resolve(data.substring(1));
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new WrongArgumentException(
          "-d: " + data + " (expected: @ and a file that can be read)");
    }
    return Optional.of(Files.readAllBytes(file));
  }

  private static String token(String variable, Surroundings surroundings)
      throws WrongArgumentException {
    String value = Optional.ofNullable(surroundings.environment().get(variable)).orElse("").strip();
    if (value.isEmpty()) {
      throw new WrongArgumentException(
          "--token-env: "
              + (VARIABLE.matcher(variable).matches() ? variable + " is not set" : "***")
              + " (expected: the name of a variable that holds a token)");
    }
    return value.indexOf(' ') > 0 ? value : "Bot " + value;
  }

  private static boolean has(Map<String, String> fields, String name) {
    return fields.keySet().stream()
        .anyMatch(key -> key.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)));
  }
}
