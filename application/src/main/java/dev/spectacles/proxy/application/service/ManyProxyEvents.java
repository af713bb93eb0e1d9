package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.List;

/** Several listeners as one, told one after the other. Thread-safe if they are. */
public final class ManyProxyEvents implements ProxyEvents {
  private final List<ProxyEvents> listeners;

  /** All of these. */
  public ManyProxyEvents(List<ProxyEvents> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void requestReceived() {
    listeners.forEach(ProxyEvents::requestReceived);
  }

  @Override
  public void requestFinished(Route route, ProxyResponse response, Duration elapsed) {
    listeners.forEach(each -> each.requestFinished(route, response, elapsed));
  }

  @Override
  public void answeredFrom(Route route, CacheSource source) {
    listeners.forEach(each -> each.answeredFrom(route, source));
  }

  @Override
  public void rateLimitWaiting(int change) {
    listeners.forEach(each -> each.rateLimitWaiting(change));
  }

  @Override
  public void rateLimitWaited(Route route, Duration waited) {
    listeners.forEach(each -> each.rateLimitWaited(route, waited));
  }

  @Override
  public void rateLimited(Route route, TooManyRequests.Scope scope) {
    listeners.forEach(each -> each.rateLimited(route, scope));
  }

  @Override
  public void retried(Route route) {
    listeners.forEach(each -> each.retried(route));
  }

  @Override
  public void replyLost() {
    listeners.forEach(ProxyEvents::replyLost);
  }

  @Override
  public void redelivered() {
    listeners.forEach(ProxyEvents::redelivered);
  }

  @Override
  public void expiredUnsent() {
    listeners.forEach(ProxyEvents::expiredUnsent);
  }

  @Override
  public void sendPublished() {
    listeners.forEach(ProxyEvents::sendPublished);
  }

  @Override
  public void sendDropped() {
    listeners.forEach(ProxyEvents::sendDropped);
  }

  @Override
  public void sendFailed() {
    listeners.forEach(ProxyEvents::sendFailed);
  }

  @Override
  public void invalidRequests(long inWindow) {
    listeners.forEach(each -> each.invalidRequests(inWindow));
  }

  @Override
  public void egressBlocked(boolean blocked) {
    listeners.forEach(each -> each.egressBlocked(blocked));
  }

  @Override
  public void held(int requests, long bytes) {
    listeners.forEach(each -> each.held(requests, bytes));
  }

  @Override
  public void eventsIngested(int count) {
    listeners.forEach(each -> each.eventsIngested(count));
  }

  @Override
  public void eventDropped() {
    listeners.forEach(ProxyEvents::eventDropped);
  }

  @Override
  public void ingestLag(Duration lag) {
    listeners.forEach(each -> each.ingestLag(lag));
  }

  @Override
  public void inFlight(int change) {
    listeners.forEach(each -> each.inFlight(change));
  }

  @Override
  public void degraded(boolean alone) {
    listeners.forEach(each -> each.degraded(alone));
  }
}
