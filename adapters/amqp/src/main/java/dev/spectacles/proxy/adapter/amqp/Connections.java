package dev.spectacles.proxy.adapter.amqp;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maker of connections: addresses, timeouts and threads in one place. Thread-safe. */
final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /**
   * A connection is to be made again by us: the client's own recovery would not know which requests
   * are held.
   */
  private static final boolean RECOVERY = false;

  private final AmqpSettings settings;
  private final String instance;
  private final List<Address> addresses;
  private final ExecutorService callbacks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("amqp-callback-", 0).factory());

  Connections(AmqpSettings settings, String instance) {
    this.settings = settings;
    this.instance = instance;
    this.addresses =
        settings.url().hosts().stream().map(host -> new Address(host.name(), host.port())).toList();
  }

  /**
   * Connects to the first host that answers.
   *
   * @param role what the connection is for, in its name at the broker
   * @param pulse is told of everything that the broker sends
   * @param gate holds up the reading
   */
  Connection open(String role, Pulse pulse, Gate gate) throws IOException, TimeoutException {
    ConnectionFactory factory = factory(pulse, gate);
    Connection connection =
        factory.newConnection(addresses, "spectacles-proxy " + instance + " " + role);
    pulse.agreed(Duration.ofSeconds(connection.getHeartbeat()));
    return connection;
  }

  /** Ends a connection; says whether the broker confirmed that. */
  static boolean close(Connection connection) {
    if (!connection.isOpen()) {
      return false;
    }
    try {
      connection.close((int) CLOSE_TIMEOUT.toMillis());
      return true;
    } catch (IOException | ShutdownSignalException e) {
      LOG.debug("connection not closed in order: {}", Failures.reason(e));
      return false;
    }
  }

  @Override
  public void close() {
    callbacks.shutdown();
  }

  private ConnectionFactory factory(Pulse pulse, Gate gate) throws IOException {
    var factory =
        new ConnectionFactory() {
          // Each connection has a factory of its own, so nothing is shared.
          @SuppressWarnings("UnsynchronizedOverridesSynchronized")
          @Override
          protected FrameHandlerFactory createFrameHandlerFactory() {
            return new WatchedFrames(this, pulse, gate);
          }
        };
    AmqpUrl url = settings.url();
    factory.setUsername(url.user());
    factory.setPassword(url.password());
    factory.setVirtualHost(url.vhost());
    factory.setAutomaticRecoveryEnabled(RECOVERY);
    factory.setTopologyRecoveryEnabled(RECOVERY);
    factory.setRequestedHeartbeat(Math.toIntExact(settings.heartbeat().toSeconds()));
    factory.setConnectionTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    factory.setHandshakeTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    factory.setChannelRpcTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    factory.setShutdownTimeout(Math.toIntExact(CLOSE_TIMEOUT.toMillis()));
    factory.setSharedExecutor(callbacks);
    // The reading thread may hold a monitor while it waits for the broker: on Java 21 a virtual one
    // would pin its carrier for good.
    factory.setThreadFactory(Thread.ofPlatform().daemon().name("amqp-io-", 0).factory());
    factory.setExceptionHandler(new ToldByUs());
    if (url.tls()) {
      factory.useSslProtocol(tls());
      factory.enableHostnameVerification();
    }
    return factory;
  }

  private SSLContext tls() throws IOException {
    try {
      if (settings.truststore().isEmpty()) {
        return SSLContext.getDefault();
      }
      KeyStore trusted = settings.trusted();
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** Whoever loses a connection tells so, once; the library would do it with a stack trace. */
  private static final class ToldByUs extends DefaultExceptionHandler {
    @Override
    protected void log(String message, Throwable e) {
      LOG.debug("{}: {}", message, Failures.reason(e));
    }
  }
}
