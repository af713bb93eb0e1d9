package dev.spectacles.proxy.adapter.discord;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.route.PathSegments;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;

/** URLs below the versioned root of the API. Source: RFC 3986, sections 2 and 3. */
final class RequestUrl {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNRESERVED_MARKS = "-._~";
  // "%" is one of them: encoding that came with the path stays as it is.
  private static final String PATH_MARKS = UNRESERVED_MARKS + "!$&'()*+,;=:@/%";

  private final String root;
  private final String versioned;

  RequestUrl(DiscordSettings settings) {
    String url = settings.apiUrl().toASCIIString();
    while (url.endsWith("/")) {
      url = url.substring(0, url.length() - 1);
    }
    root = url;
    versioned = url + "/v" + settings.apiVersion();
  }

  URI of(ApiPath path, List<QueryParameter> query) {
    // Who names a version gets that one.
    var url = new StringBuilder(PathSegments.nameVersion(path) ? root : versioned);
    encode(path.value(), PATH_MARKS, url);
    char separator = '?';
    for (QueryParameter parameter : query) {
      url.append(separator);
      encode(parameter.name(), UNRESERVED_MARKS, url);
      url.append('=');
      encode(parameter.value(), UNRESERVED_MARKS, url);
      separator = '&';
    }
    return URI.create(url.toString());
  }

  private static void encode(String text, String marks, StringBuilder url) {
    for (byte octet : text.getBytes(UTF_8)) {
      char c = (char) (octet & 0xff);
      if (isAlphanumeric(c) || marks.indexOf(c) >= 0) {
        url.append(c);
      } else {
        url.append('%');
        HEX.toHexDigits(url, octet);
      }
    }
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
