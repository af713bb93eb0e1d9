package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.route.Digest;
import dev.spectacles.proxy.domain.route.PathSegments;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Names of what stored answers depend on, apart from those that the table of routes gives.
 *
 * <p>Two spellings of one path have one tag, whereas they have two keys: a tag too many only makes
 * an answer invalid too early.
 */
public final class Tags {
  /** Of every stored answer. */
  public static final String ALL = "all";

  private static final Set<String> BEFORE_TOKEN = Set.of("webhooks", "interactions");
  private static final int TOKEN = 2;

  private Tags() {}

  /** Of every answer that was given to these credentials. */
  public static String ofScope(String scope) {
    return "scope:" + scope;
  }

  /** Of every answer of this path, whatever its query; a token in it occurs as a hash only. */
  public static String ofUri(ApiPath path) {
    return ofPrefixes(path).getLast();
  }

  /** Tags of the path's first segment, of its first two, and so on up to the whole path. */
  static List<String> ofPrefixes(ApiPath path) {
    List<String> segments = PathSegments.of(path);
    boolean holdsToken = holdsToken(segments);
    var tags = new ArrayList<String>(segments.size());
    var prefix = new StringBuilder("uri:");
    for (int i = 0; i < segments.size(); i++) {
      boolean token = i == TOKEN && holdsToken;
      prefix.append('/').append(token ? Digest.of(segments.get(i)) : segments.get(i));
      tags.add(prefix.toString());
    }
    return tags;
  }

  /** Whether one of these segments is a webhook's or an interaction's token. */
  static boolean holdsToken(List<String> segments) {
    return segments.size() > TOKEN && BEFORE_TOKEN.contains(segments.getFirst());
  }
}
