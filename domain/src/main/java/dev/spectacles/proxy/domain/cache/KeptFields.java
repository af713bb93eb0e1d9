package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import java.util.ArrayList;
import java.util.Set;

/**
 * Which headers of an answer are stored: of those that are left once it came, as those of the
 * connection end there. Source: RFC 9111, sections 3.1 and 3.2.
 */
final class KeptFields {
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
    return answer.without(
        name ->
            // Without Vary the answer would be used for requests that it was not made for; Age is
            // told anew with every hit.
            !name.equals("vary")
                && (withheld.contains(name)
                    || name.equals("age")
                    || (!strict && isOfOneExchange(name))));
  }

  /** The stored headers with those of a 304 in place of what they replace. */
  static Headers updated(Headers stored, Headers notModified) {
    Headers news = notModified.without(OF_THE_BODY::contains);
    var all = new ArrayList<>(stored.without(news::contains).fields());
    all.addAll(news.fields());
    return new Headers(all);
  }

  private static boolean isOfOneExchange(String name) {
    return OF_ONE_EXCHANGE.contains(name) || name.startsWith("x-ratelimit-");
  }
}
