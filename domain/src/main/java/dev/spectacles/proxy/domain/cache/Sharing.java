package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;

/** Which answers serve several requests that were made at the same time. Source: RFC 9111, 4. */
public final class Sharing {
  private Sharing() {}

  /**
   * Whether the answer to a request is also the answer to another one of the same key, as far as
   * their headers matter.
   */
  public static boolean permits(ProxyResponse.Http answer, Headers request, Headers other) {
    Headers answered = answer.headers();
    return !Vary.isUnpredictable(answered)
        && Vary.selecting(answered, request).equals(Vary.selecting(answered, other));
  }
}
