package dev.spectacles.proxy.adapter.http;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.in.ServeCaller;
import dev.spectacles.proxy.application.port.out.Clock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discord's REST API over HTTP/1.1 for callers on this machine or behind a secret, one virtual
 * thread per request.
 *
 * <p>{@code /api/v10/…}, {@code /api/…} and {@code /…} are the same. Thread-safe.
 */
public final class HttpFrontDoor implements AutoCloseable {
  static final int LONGEST_LINE = 8 * 1024;
  static final int LARGEST_HEAD = 16 * 1024;
  static final int LARGEST_PIECE = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HttpFrontDoor.class);
  private static final int BACKLOG = 1024;
  private static final int MOST_LOOPS = 4;
  private static final Duration STOP = Duration.ofSeconds(1);

  private final HttpSettings settings;
  private final ServeCaller callers;
  private final Clock clock;
  private final Doorkeeper doorkeeper;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-request-", 0).factory());
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors()),
          new DefaultThreadFactory("http-io", true),
          NioIoHandler.newFactory());
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;
  private volatile @Nullable Channel listener;

  /** Not listening yet. */
  public HttpFrontDoor(HttpSettings settings, ServeCaller callers, Clock clock) {
    this.settings = settings;
    this.callers = callers;
    this.clock = clock;
    this.doorkeeper = new Doorkeeper(settings);
  }

  /**
   * Listens.
   *
   * @throws IOException if the address cannot be listened on
   */
  public void start() throws IOException, InterruptedException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(new Pipeline())
            .bind(settings.address());
    var failure = new AtomicReference<@Nullable Throwable>();
    var done = new CountDownLatch(1);
    ChannelFuture unused =
        bound.addListener(
            future -> {
              failure.set(future.cause());
              done.countDown();
            });
    done.await();
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IOException(
          "http.addr: %s:%d cannot be listened on (%s): stop what uses it or choose another port"
              .formatted(
                  settings.address().getHostString(),
                  settings.address().getPort(),
                  cause.getMessage()),
          cause);
    }
    listener = bound.channel();
    LOG.info("http: at http://{}:{}", address().getAddress().getHostAddress(), address().getPort());
  }

  /** Where it listens; tells the port that was free. */
  public InetSocketAddress address() {
    return (InetSocketAddress) requireNonNull(listener, "not started").localAddress();
  }

  /** Takes no more connections and no more requests; those that were accepted go on. */
  public void drain() {
    draining = true;
    Channel open = listener;
    if (open != null) {
      ChannelFuture unused = open.close();
    }
    connections.forEach(Connection::drain);
    threads.shutdown();
  }

  /**
   * Gives requests this long to end, and tells the callers of the others.
   *
   * @return how many those were
   */
  public int stop(Duration within) throws InterruptedException {
    drain();
    int left = 0;
    if (!threads.awaitTermination(within.toNanos(), TimeUnit.NANOSECONDS)) {
      left = connections.size();
      threads.shutdownNow();
      if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("http: requests did not react to the stop");
      }
    }
    close();
    return left;
  }

  /** Closes all connections, and waits about a second for its threads. */
  @Override
  public void close() {
    drain();
    threads.shutdownNow();
    var stopped = new CountDownLatch(1);
    var unused =
        loops
            .shutdownGracefully(50, STOP.toMillis(), TimeUnit.MILLISECONDS)
            .addListener(future -> stopped.countDown());
    try {
      if (!stopped.await(2 * STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("http: its event loops did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  HttpSettings settings() {
    return settings;
  }

  HttpSettings.Times times() {
    return settings.times();
  }

  ServeCaller callers() {
    return callers;
  }

  Clock clock() {
    return clock;
  }

  Doorkeeper doorkeeper() {
    return doorkeeper;
  }

  ExecutorService threads() {
    return threads;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether there may be this one as well. */
  boolean opened(Connection connection) {
    connections.add(connection);
    return connections.size() <= settings.maxConnections();
  }

  void closed(Connection connection) {
    connections.remove(connection);
  }

  /** What a connection goes through. */
  private final class Pipeline extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      var connection = new Connection(HttpFrontDoor.this);
      channel
          .pipeline()
          .addLast(new Arrivals(connection))
          .addLast(new StrictDecoder())
          .addLast(new HttpResponseEncoder())
          .addLast(connection);
    }
  }

  /** Tells of bytes before they make up a request. */
  private static final class Arrivals extends ChannelInboundHandlerAdapter {
    private final Connection connection;

    Arrivals(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof ByteBuf) {
        connection.arrived();
      }
      ctx.fireChannelRead(message);
    }
  }
}
