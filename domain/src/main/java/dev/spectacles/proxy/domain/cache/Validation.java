package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asking whether an answer is still the right one: us Discord, and callers us. Sources: RFC 9110,
 * section 13; RFC 9111, section 4.3.
 */
public final class Validation {
  private static final Set<String> CONDITIONS = Set.of("if-none-match", "if-modified-since");

  /** What a 304 repeats of the answer. Source: RFC 9110, section 15.4.5. */
  private static final Set<String> OF_NOT_MODIFIED =
      Set.of(
          "age",
          "cache-control",
          "cache-status",
          "content-location",
          "date",
          "etag",
          "expires",
          "vary");

  private Validation() {}

  /** The headers without conditions, so that Discord answers with what can be stored. */
  public static Headers unconditional(Headers request) {
    return request.without(CONDITIONS::contains);
  }

  /** Whether Discord can be asked to confirm this answer. */
  static boolean isPossible(ProxyResponse.Http answer) {
    return answer.code() == 200
        && (EntityTag.of(answer.headers()).isPresent()
            || answer.headers().contains("last-modified"));
  }

  /**
   * The request's headers with our conditions in place of the caller's, so that Discord answers 304
   * if the stored answer is still right; empty if that cannot be asked.
   */
  public static Optional<Headers> conditional(StoredResponse stored, Headers request) {
    if (!isPossible(stored.answer())) {
      return Optional.empty();
    }
    Headers answered = stored.answer().headers();
    var fields = new ArrayList<Header>(unconditional(request).fields());
    if (EntityTag.of(answered).isPresent()) {
      answered.first("etag").ifPresent(tag -> fields.add(new Header("if-none-match", tag)));
    }
    answered
        .first("last-modified")
        .ifPresent(date -> fields.add(new Header("if-modified-since", date)));
    return Optional.of(new Headers(fields));
  }

  /**
   * The stored answer with what a 304 says anew, to be given out and stored in place of the old
   * one; empty if the 304 is about another one, so that Discord has to be asked without conditions.
   */
  public static Optional<ProxyResponse.Http> confirmed(
      StoredResponse stored, ProxyResponse.Http notModified) {
    ProxyResponse.Http answer = stored.answer();
    if (!isAbout(answer.headers(), notModified.headers())) {
      return Optional.empty();
    }
    return Optional.of(
        new ProxyResponse.Http(
            answer.code(),
            KeptFields.updated(answer.headers(), notModified.headers()),
            answer.url(),
            answer.body()));
  }

  /** Source: RFC 9111, section 4.3.4. */
  private static boolean isAbout(Headers stored, Headers notModified) {
    Optional<EntityTag> tag = EntityTag.of(notModified);
    if (tag.isPresent()) {
      return EntityTag.of(stored)
          .filter(
              old -> tag.get().weak() ? tag.get().weaklyEquals(old) : tag.get().stronglyEquals(old))
          .isPresent();
    }
    Optional<String> changed = notModified.first("last-modified");
    return changed.isEmpty() || changed.equals(stored.first("last-modified"));
  }

  /**
   * The 304 that a caller gets in place of an answer that its own conditions say it has; empty if
   * they do not.
   *
   * @param answer as it would be given out without conditions
   */
  public static Optional<ProxyResponse.Http> notModified(
      ProxyResponse.Http answer, Headers request, Instant now) {
    if (answer.code() != 200 || !isAlreadyThere(answer.headers(), request, now)) {
      return Optional.empty();
    }
    boolean dated = !answer.headers().contains("etag");
    Headers headers =
        answer
            .headers()
            .without(
                name ->
                    !OF_NOT_MODIFIED.contains(name) && !(dated && name.equals("last-modified")));
    return Optional.of(new ProxyResponse.Http(304, headers, answer.url(), Body.empty()));
  }

  /** Source: RFC 9110, section 13.2.2: dates count only where there are no entity tags. */
  private static boolean isAlreadyThere(Headers answer, Headers request, Instant now) {
    if (request.contains("if-none-match")) {
      if (FieldLists.members(request, "if-none-match").equals(List.of("*"))) {
        return true;
      }
      return EntityTag.of(answer)
          .filter(
              tag ->
                  EntityTag.listed(request, "if-none-match").stream().anyMatch(tag::weaklyEquals))
          .isPresent();
    }
    return request
        .first("if-modified-since")
        .flatMap(text -> HttpDates.parse(text, now))
        .filter(
            since ->
                answer
                    .first("last-modified")
                    .or(() -> answer.first("date"))
                    .flatMap(text -> HttpDates.parse(text, now))
                    .filter(changed -> !changed.isAfter(since))
                    .isPresent())
        .isPresent();
  }
}
