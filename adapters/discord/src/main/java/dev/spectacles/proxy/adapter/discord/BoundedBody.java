package dev.spectacles.proxy.adapter.discord;

import dev.spectacles.proxy.domain.request.Body;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an answer, and gives up as soon as it is larger than permitted.
 *
 * <p>Signals arrive one after another, as {@link Flow.Subscriber} demands.
 */
final class BoundedBody implements BodySubscriber<Body> {
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private final List<ByteBuffer> parts = new ArrayList<>();
  private final long limit;
  private long size;
  private Flow.@Nullable Subscription subscription;

  BoundedBody(long limit) {
    this.limit = limit;
  }

  @Override
  public CompletionStage<Body> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    if (subscription != null) {
      offered.cancel();
      return;
    }
    subscription = offered;
    offered.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    if (body.isDone()) {
      return;
    }
    for (ByteBuffer part : item) {
      size += part.remaining();
    }
    if (size > limit) {
      parts.clear();
      if (subscription != null) {
        subscription.cancel();
      }
      body.completeExceptionally(new TooLargeAnswerException());
      return;
    }
    parts.addAll(item);
  }

  @Override
  public void onError(Throwable failure) {
    parts.clear();
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (body.isDone()) {
      return;
    }
    byte[] bytes = new byte[Math.toIntExact(size)];
    int position = 0;
    for (ByteBuffer part : parts) {
      int length = part.remaining();
      part.get(bytes, position, length);
      position += length;
    }
    parts.clear();
    body.complete(Body.of(bytes));
  }
}
