package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Which headers of an answer are stored. Source: RFC 9111, sections 3.1 and 3.2. */
final class KeptFields {
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of(
          "connection",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /**
   * True of one exchange only: a caller who read them in a later answer would act on them. That
   * they are not stored is a deliberate deviation from RFC 9111.
   */
  private static final Set<String> OF_ONE_EXCHANGE =
      Set.of("alt-svc", "cf-ray", "nel", "report-to", "retry-after", "set-cookie");

  /** They belong to the stored body, whatever a 304 says. */
  private static final Set<String> OF_THE_BODY =
      Set.of("content-encoding", "content-length", "content-md5", "content-range");

  private KeptFields() {}

  /**
   * Headers to store.
   *
   * @param withheld names in lower case that Discord asked us not to store
   * @param strict whether to keep those that are true of one exchange only
   */
  static Headers of(Headers answer, Set<String> withheld, boolean strict) {
    Set<String> nominated = nominated(answer);
    return answer.without(
        name ->
            // Without Vary the answer would be used for requests that it was not made for; Age is
            // told anew with every hit.
            !name.equals("vary")
                && (isOfOneConnection(name, nominated)
                    || withheld.contains(name)
                    || name.equals("age")
                    || (!strict && isOfOneExchange(name))));
  }

  /** The stored headers with those of a 304 in place of what they replace. */
  static Headers updated(Headers stored, Headers notModified) {
    Set<String> nominated = nominated(notModified);
    Headers news =
        notModified.without(
            name -> isOfOneConnection(name, nominated) || OF_THE_BODY.contains(name));
    var all = new ArrayList<>(stored.without(news::contains).fields());
    all.addAll(news.fields());
    return new Headers(all);
  }

  private static boolean isOfOneConnection(String name, Set<String> nominated) {
    return OF_ONE_CONNECTION.contains(name)
        || name.startsWith("proxy-")
        || nominated.contains(name);
  }

  private static boolean isOfOneExchange(String name) {
    return OF_ONE_EXCHANGE.contains(name) || name.startsWith("x-ratelimit-");
  }

  private static Set<String> nominated(Headers headers) {
    var names = new HashSet<String>();
    for (String name : FieldLists.members(headers, "connection")) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
