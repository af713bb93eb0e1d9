package dev.spectacles.proxy.domain.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of requests: equal for those that Discord answers alike, different for all others.
 *
 * <p>Thread-safe.
 */
public final class CacheKeys {
  /** Scope of requests without credentials. */
  public static final String ANONYMOUS = "anon";

  private static final int SCHEMA = 1;
  private static final String HMAC = "HmacSHA256";
  private static final int BYTES_KEPT = 16;
  private static final HexFormat PERCENT = HexFormat.of().withUpperCase();
  private static final String UNRESERVED_MARKS = "-._~";
  // What a URL may hold as it is; "%" is one: encoding that came with the path is looked at later.
  private static final String PATH_MARKS = UNRESERVED_MARKS + "!$&'()*+,;=:@/%";

  /** Parameters that are documented as true or false. */
  private static final Set<String> BOOLEANS =
      Set.of(
          "archived",
          "exclude_consumed",
          "exclude_deleted",
          "exclude_ended",
          "include_nsfw",
          "only_active",
          "with_counts",
          "with_expiration",
          "with_localizations",
          "with_member",
          "with_user_count");

  private static final Set<String> TRUE = Set.of("True", "true", "1");
  private static final Set<String> FALSE = Set.of("False", "false", "0");

  private final SecretKeySpec secret;

  /**
   * Keys of an installation.
   *
   * @param secret for hashing credentials; not empty
   */
  public CacheKeys(byte[] secret) {
    this.secret = new SecretKeySpec(secret, HMAC);
  }

  /**
   * For whom the answer to a request with these headers is: a keyed hash of the exact {@code
   * Authorization} value. Two tokens of one bot are two scopes, as one of them may be revoked.
   */
  public String scope(Headers headers) {
    if (!headers.contains("authorization")) {
      return ANONYMOUS;
    }
    // No value can hold a line feed.
    String credentials =
        headers.fields().stream()
            .filter(field -> field.name().equals("authorization"))
            .map(Header::value)
            .collect(joining("\n"));
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(secret);
      return hex(mac.doFinal(credentials.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has HMAC with SHA-256", e);
    }
  }

  /**
   * Key of a request.
   *
   * @param apiVersion number behind {@code /v} in the URL
   * @param variantHeaders lower-case names of headers that select the answer
   */
  public CacheKey key(
      String scope, ProxyRequest request, int apiVersion, List<String> variantHeaders) {
    var hash = new Hash();
    hash.add(SCHEMA).add(scope).add(request.method().name()).add(apiVersion);
    hash.add(canonicalPath(request.path()));
    List<QueryParameter> query = canonicalQuery(request.query());
    hash.add(query.size());
    query.forEach(parameter -> hash.add(parameter.name()).add(parameter.value()));
    hash.add(variantHeaders.size());
    for (String name : variantHeaders) {
      List<Header> fields =
          request.headers().fields().stream().filter(field -> field.name().equals(name)).toList();
      hash.add(name).add(fields.size());
      fields.forEach(field -> hash.add(field.value()));
    }
    return new CacheKey(scope, hash.text());
  }

  /**
   * The path as it is sent, in one spelling: what need not be encoded is not. A slash at the end
   * and a prefix such as {@code /api} are left: they are different URLs. Source: RFC 3986, section
   * 6.2.2.
   */
  public static String canonicalPath(ApiPath path) {
    String value = path.value();
    if (isPlain(value)) {
      return value;
    }
    byte[] octets = value.getBytes(UTF_8);
    var canonical = new StringBuilder();
    for (int i = 0; i < octets.length; i++) {
      byte octet = octets[i];
      boolean encoded = octet == '%';
      if (encoded) {
        octet = (byte) HexFormat.fromHexDigits(value(octets, i + 1));
        i += 2;
      }
      char c = (char) (octet & 0xff);
      if (isAlphanumeric(c) || (encoded ? UNRESERVED_MARKS : PATH_MARKS).indexOf(c) >= 0) {
        canonical.append(c);
      } else {
        canonical.append('%');
        PERCENT.toHexDigits(canonical, octet);
      }
    }
    return canonical.toString();
  }

  private static String value(byte[] octets, int at) {
    return new String(octets, at, 2, UTF_8);
  }

  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' || !(isAlphanumeric(c) || PATH_MARKS.indexOf(c) >= 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /**
   * Parameters by name, those of one name in their order; documented booleans in one spelling.
   * Source: Discord docs, Reference, "Boolean Query Strings".
   */
  public static List<QueryParameter> canonicalQuery(List<QueryParameter> query) {
    return query.stream()
        .map(CacheKeys::canonical)
        .sorted(Comparator.comparing(QueryParameter::name))
        .toList();
  }

  private static QueryParameter canonical(QueryParameter parameter) {
    if (!BOOLEANS.contains(parameter.name())) {
      return parameter;
    }
    String value = parameter.value();
    String plain = TRUE.contains(value) ? "true" : FALSE.contains(value) ? "false" : value;
    return new QueryParameter(parameter.name(), plain);
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash, 0, BYTES_KEPT);
  }

  /** SHA-256 of numbers and texts, each with its length, so that no two lists of them are alike. */
  private static final class Hash {
    private final MessageDigest digest = sha256();

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }

    Hash add(int number) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
      return this;
    }

    Hash add(String text) {
      byte[] octets = text.getBytes(UTF_8);
      add(octets.length);
      digest.update(octets);
      return this;
    }

    String text() {
      return hex(digest.digest());
    }
  }
}
