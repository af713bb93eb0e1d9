package dev.spectacles.proxy.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Path and query of a request line.
 *
 * @param path below the versioned root of the API; with its version in front where that is not the
 *     configured one
 */
record RequestTarget(ApiPath path, List<QueryParameter> query) {
  private static final Pattern ORIGIN =
      Pattern.compile("^https?://[^/?#]*", Pattern.CASE_INSENSITIVE);
  private static final Pattern ROOT = Pattern.compile("^/api(?=/|$)");
  private static final Pattern VERSION = Pattern.compile("^/v([0-9]{1,3})(?=/|$)");

  RequestTarget {
    query = List.copyOf(query);
  }

  /** Of {@code /api/v10/…}, {@code /api/…} or {@code /…}; statuses 3 and 4 for what is none. */
  static RequestTarget parse(String target, int apiVersion) throws InvalidRequestException {
    String local = ORIGIN.matcher(target).replaceFirst("");
    int mark = local.indexOf('?');
    String path = mark < 0 ? local : local.substring(0, mark);
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) > '~') {
        throw new InvalidRequestException(
            ResponseStatus.INVALID_PATH,
            "path: has a character at index " + i + " that has to be percent-encoded");
      }
    }
    return new RequestTarget(
        ApiPath.parse(withoutRoot(path, apiVersion)),
        mark < 0 ? List.of() : parameters(local.substring(mark + 1)));
  }

  private static String withoutRoot(String path, int apiVersion) {
    String below = ROOT.matcher(path).replaceFirst("");
    Matcher version = VERSION.matcher(below);
    return version.find() && Integer.parseInt(version.group(1)) == apiVersion
        ? below.substring(version.end())
        : below;
  }

  private static List<QueryParameter> parameters(String query) throws InvalidRequestException {
    var parameters = new ArrayList<QueryParameter>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      parameters.add(
          equals < 0
              ? new QueryParameter(decoded(pair), "")
              : new QueryParameter(
                  decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))));
    }
    return parameters;
  }

  /** Text of a form's encoding, in which a plus is a space. */
  private static String decoded(String text) throws InvalidRequestException {
    var octets = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        octets.write(octet(text, i + 1));
        i += 2;
      } else if (c <= ' ' || c > '~' || c == '#') {
        throw invalid("has a character that has to be percent-encoded");
      } else {
        octets.write(c == '+' ? ' ' : c);
      }
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw invalid("is no UTF-8");
    }
  }

  private static int octet(String text, int at) throws InvalidRequestException {
    int high = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    if (high < 0 || low < 0) {
      throw invalid("has a \"%\" that starts no percent-encoding");
    }
    return high * 16 + low;
  }

  private static InvalidRequestException invalid(String what) {
    return new InvalidRequestException(ResponseStatus.INVALID_QUERY, "query: " + what);
  }
}
