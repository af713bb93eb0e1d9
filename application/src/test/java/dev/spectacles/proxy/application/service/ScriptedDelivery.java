package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Delivery with what the test says of it. */
final class ScriptedDelivery implements Delivery {
  private final String id;
  private final ProxyRequest request;
  final List<String> calls = new CopyOnWriteArrayList<>();
  final BlockingQueue<ProxyResponse> replies = new LinkedBlockingQueue<>();
  Optional<InvalidRequestException> refusal = Optional.empty();
  Optional<RuntimeException> defect = Optional.empty();
  Optional<BrokerException> markerFailure = Optional.empty();
  Optional<BrokerException> replyFailure = Optional.empty();
  Optional<Instant> expiry = Optional.empty();
  Duration age = Duration.ZERO;
  long size = 100;
  boolean redelivered;
  boolean sentBefore;
  boolean received = true;
  volatile boolean abandoned;

  ScriptedDelivery(String id, ProxyRequest request) {
    this.id = id;
    this.request = request;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ProxyRequest request() throws InvalidRequestException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    defect.ifPresent(
        failure -> {
          throw failure;
        });
    return request;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Optional<Instant> expiry() {
    return expiry;
  }

  @Override
  public Duration age() {
    return age;
  }

  @Override
  public void abandon() {
    abandoned = true;
  }

  @Override
  public boolean redelivered() {
    return redelivered;
  }

  @Override
  public boolean mayHaveBeenSent() {
    calls.add("mayHaveBeenSent");
    markerFailure.ifPresent(
        failure -> {
          throw failure;
        });
    return sentBefore;
  }

  @Override
  public void markSent() {
    calls.add("markSent");
    markerFailure.ifPresent(
        failure -> {
          throw failure;
        });
  }

  @Override
  public boolean reply(ProxyResponse response) {
    calls.add("reply");
    replyFailure.ifPresent(
        failure -> {
          throw failure;
        });
    replies.add(response);
    return received;
  }

  /** The reply, once there. */
  ProxyResponse awaitReply() throws InterruptedException {
    ProxyResponse reply = replies.poll(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (reply == null) {
      throw new AssertionError("no reply to " + id + ", only " + calls);
    }
    return reply;
  }
}
