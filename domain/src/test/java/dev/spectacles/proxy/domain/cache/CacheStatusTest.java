package dev.spectacles.proxy.domain.cache;

import static dev.spectacles.proxy.domain.cache.Messages.URL;
import static dev.spectacles.proxy.domain.cache.Messages.headers;
import static dev.spectacles.proxy.domain.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CacheStatusTest {
  @ParameterizedTest
  @MethodSource("statuses")
  void status_isWrittenAsInRfc9211(CacheStatus status, String text) {
    assertThat(status.text()).isEqualTo(text);
  }

  static Stream<Arguments> statuses() {
    Duration left = Duration.ofMillis(29_900);
    return Stream.of(
        Arguments.of(CacheStatus.hit(left, Detail.REST), "spectacles; hit; ttl=29; detail=rest"),
        Arguments.of(
            CacheStatus.hit(Duration.ofSeconds(-412), Detail.NEGATIVE),
            "spectacles; hit; ttl=-412; detail=negative"),
        Arguments.of(
            CacheStatus.forwarded(Forward.BYPASS, Detail.REST),
            "spectacles; fwd=bypass; detail=rest"),
        Arguments.of(
            CacheStatus.forwarded(Forward.URI_MISS, Detail.REST).asStored(left),
            "spectacles; fwd=uri-miss; ttl=29; stored; detail=rest"),
        Arguments.of(
            CacheStatus.forwarded(Forward.URI_MISS, Detail.COALESCED).asStored(left).asCollapsed(),
            "spectacles; fwd=uri-miss; ttl=29; stored; collapsed; detail=coalesced"),
        Arguments.of(
            CacheStatus.forwarded(Forward.VARY_MISS, Detail.REST),
            "spectacles; fwd=vary-miss; detail=rest"),
        Arguments.of(
            CacheStatus.forwarded(Forward.REQUEST, Detail.REST).answered(304).asStored(left),
            "spectacles; fwd=request; fwd-status=304; ttl=29; stored; detail=rest"),
        Arguments.of(
            CacheStatus.forwarded(Forward.STALE, Detail.REST).answered(503),
            "spectacles; fwd=stale; fwd-status=503; detail=rest"));
  }

  @Test
  void hit_hasItsAgeAndIsMarkedAfterOtherCaches() {
    StoredResponse stored =
        stored(
            """
            date: {-2} | content-type: application/json | age: 2 | cache-status: cloud; hit \
            | cache-control: max-age=60\
            """);

    ProxyResponse.Http hit =
        stored.hit(
            Duration.ofMillis(5_900), CacheStatus.hit(Duration.ofMillis(54_100), Detail.REST));

    assertThat(hit)
        .isEqualTo(
            new ProxyResponse.Http(
                200,
                headers(
                    """
                    date: {-2} | content-type: application/json | cache-status: cloud; hit \
                    | cache-control: max-age=60 | age: 5 \
                    | cache-status: spectacles; hit; ttl=54; detail=rest\
                    """),
                URL,
                Body.of("body")));
    assertThat(hit.headers().joined())
        .containsEntry("cache-status", "cloud; hit, spectacles; hit; ttl=54; detail=rest");
  }
}
