package dev.spectacles.proxy.adapter.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: a request at a time, and what comes behind it waits until it is answered.
 *
 * <p>Everything runs on the connection's event loop, which never blocks; only {@link #reply} and
 * {@link #readOn} are called by threads of requests. Bytes are read when somebody asks for them,
 * and while a request waits for its answer one read stays open, as that is how a caller is noticed
 * to go away.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private enum State {
    /** Waits for a head, of which nothing or a part has come. */
    HEAD,
    /** Takes the body of the request. */
    BODY,
    /** The request is complete, its answer is to come. */
    ANSWER,
    /** The last answer is written, and whatever comes is dropped. */
    CLOSING
  }

  private final HttpFrontDoor door;
  private @Nullable ChannelHandlerContext context;
  private State state = State.HEAD;
  private @Nullable Exchange exchange;
  private @Nullable IncomingBody body;
  private @Nullable HttpRequest behind;

  /** Messages that were read together with one that was asked for. */
  private final Queue<Object> arrivals = new ArrayDeque<>();

  private boolean begun;
  private boolean bodyAskedFor;
  private boolean wanted;
  private boolean delivering;
  private boolean reading;
  private long expires;

  Connection(HttpFrontDoor door) {
    this.door = door;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    expireIn(door.times().head().toNanos());
    watch();
    if (door.opened(this)) {
      demand();
    } else {
      begun = true;
      refuseAtOnce(HttpMethod.GET, Refusal.later("too many connections (http.max_connections)"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    door.closed(this);
    arrivals.forEach(ReferenceCountUtil::release);
    arrivals.clear();
    behind = null;
    if (exchange != null) {
      exchange.callerGone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection lost: {}", cause.getMessage());
    } else {
      LOG.warn("connection failed", cause);
    }
    close();
  }

  /** Bytes came, whether they make up anything or not. */
  void arrived() {
    if (state == State.HEAD && !begun) {
      begun = true;
      expireIn(door.times().head().toNanos());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    arrivals.add(message);
    deliver();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    deliver();
  }

  /** Asks for one message more; it may be there already. */
  private void demand() {
    wanted = true;
    deliver();
  }

  /**
   * Hands out what was asked for, in a loop rather than within the call that asks. What one read of
   * the socket brought is kept until then, and no more is read.
   */
  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (wanted && !arrivals.isEmpty()) {
        wanted = false;
        handle(arrivals.remove());
      }
    } finally {
      delivering = false;
    }
    if (wanted && !reading) {
      context().read();
    }
  }

  private void handle(Object message) {
    try {
      switch (state) {
        case HEAD -> {
          if (message instanceof HttpRequest head) {
            begin(head);
          } else {
            demand();
          }
        }
        case BODY -> takeBody((HttpContent) message);
        case ANSWER -> {
          if (message instanceof HttpRequest head) {
            // Nothing more is read until the one before it is answered.
            behind = head;
          } else {
            demand();
          }
        }
        case CLOSING -> demand();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest request) {
    expireIn(Long.MAX_VALUE);
    begun = true;
    var refusal = door.doorkeeper().judge(request);
    if (refusal.isPresent()) {
      refuseAtOnce(request.method(), refusal.get());
      return;
    }
    if (door.isDraining()) {
      refuseAtOnce(request.method(), Refusal.later("the proxy is stopping; nothing was sent"));
      return;
    }
    var head = new RequestHead(request);
    var incoming = new IncomingBody(door.settings(), door.clock());
    var next = new Exchange(head, this, door.settings(), door.callers(), incoming);
    body = incoming;
    exchange = next;
    state = State.BODY;
    try {
      door.threads().execute(next);
    } catch (RejectedExecutionException stopped) {
      next.discard();
      refuseAtOnce(request.method(), Refusal.later("the proxy is stopping; nothing was sent"));
      return;
    }
    if (next.hasRoom()) {
      readBody(head);
    }
  }

  private void readBody(RequestHead head) {
    bodyAskedFor = true;
    if (head.expectsContinue() && head.bodyLength() != 0) {
      var proceed =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
      ChannelFuture unused = context().writeAndFlush(proceed);
    }
    demand();
  }

  private void takeBody(HttpContent content) {
    IncomingBody incoming = requireNonNull(body);
    if (content.decoderResult().isFailure()) {
      incoming.damaged(Doorkeeper.damaged(content.decoderResult().cause()));
      return;
    }
    boolean more = incoming.add(content.content());
    if (content instanceof LastHttpContent) {
      incoming.end();
      state = State.ANSWER;
      demand();
    } else if (more) {
      demand();
    }
  }

  /** Has the request's body read, or more of it; called by its thread. */
  void readOn(Exchange asking) {
    onLoop(
        () -> {
          if (state != State.BODY || exchange != asking) {
            return;
          }
          if (bodyAskedFor) {
            demand();
          } else {
            readBody(asking.head());
          }
        });
  }

  /** Writes the answer; whether it is written in time. Called by the thread of the request. */
  boolean reply(Exchange answered, Answer answer) throws InterruptedException {
    var written = new CountDownLatch(1);
    var success = new AtomicBoolean();
    boolean asked =
        onLoop(
            () ->
                answer(
                    answered,
                    answer,
                    done -> {
                      success.set(done);
                      written.countDown();
                    }));
    long within =
        HttpSettings.Times.forBytes(door.times().write(), answer.body().size()).toMillis();
    if (!asked || !written.await(within, TimeUnit.MILLISECONDS)) {
      LOG.debug("an answer was not read within {} ms", within);
      close();
      return false;
    }
    return success.get();
  }

  /** Hears whether an answer was written. */
  private interface Written {
    void hear(boolean success);
  }

  private void answer(Exchange answered, Answer answer, Written written) {
    if (exchange == answered && context().channel().isActive()) {
      write(answered.head().method(), answer, answered.head().keepsAlive(), written);
    } else {
      written.hear(false);
    }
  }

  /** Whether the event loop takes it: one that was stopped does not. */
  private boolean onLoop(Runnable task) {
    try {
      context().executor().execute(task);
      return true;
    } catch (RejectedExecutionException stopped) {
      return false;
    }
  }

  private void refuseAtOnce(HttpMethod method, Refusal refusal) {
    state = State.BODY;
    write(method, refusal.toAnswer(), false, done -> {});
  }

  private void write(HttpMethod method, Answer answer, boolean keepAlive, Written written) {
    // A request that has not come to its end hides where the next one begins.
    boolean last = !keepAlive || state != State.ANSWER || door.isDraining();
    exchange = null;
    body = null;
    bodyAskedFor = false;
    ChannelFuture unused =
        context()
            .writeAndFlush((last ? answer.last() : answer).toNetty(method))
            .addListener(
                future -> {
                  written.hear(future.isSuccess());
                  if (!future.isSuccess()) {
                    close();
                  } else if (last) {
                    linger();
                  } else {
                    next();
                  }
                });
  }

  private void next() {
    state = State.HEAD;
    begun = false;
    expireIn(door.times().idle().toNanos());
    HttpRequest waiting = behind;
    if (waiting != null) {
      behind = null;
      begin(waiting);
    } else if (door.isDraining()) {
      close();
    }
  }

  /** Closing with bytes unread would destroy the answer on its way: RFC 9112, section 9.6. */
  private void linger() {
    state = State.CLOSING;
    behind = null;
    expireIn(door.times().linger().toNanos());
    if (context().channel() instanceof DuplexChannel channel) {
      ChannelFuture unused = channel.shutdownOutput();
      demand();
    } else {
      close();
    }
  }

  /** Closes a connection that nobody waits on; called by whoever stops the door. */
  void drain() {
    onLoop(
        () -> {
          if (state == State.HEAD && !begun) {
            close();
          }
        });
  }

  void close() {
    ChannelFuture unused = context().close();
  }

  private void expireIn(long nanos) {
    expires = nanos == Long.MAX_VALUE ? nanos : door.clock().nanoTime() + nanos;
  }

  /** One look now and then is cheaper than a timer for each request. */
  private void watch() {
    var unused =
        context()
            .executor()
            .schedule(this::look, door.times().head().toMillis() / 2, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!context().channel().isOpen()) {
      return;
    }
    if (expires == Long.MAX_VALUE || expires - door.clock().nanoTime() > 0) {
      watch();
    } else if (state == State.HEAD && begun) {
      refuseAtOnce(
          HttpMethod.GET, Refusal.of(408, "REQUEST_TIMEOUT", "request: its head is too slow"));
      watch();
    } else {
      close();
    }
  }

  private ChannelHandlerContext context() {
    return requireNonNull(context, "not connected yet");
  }
}
