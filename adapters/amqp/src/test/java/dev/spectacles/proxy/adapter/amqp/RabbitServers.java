package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.testing.NotRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/**
 * A real RabbitMQ for tests, one for all of a JVM: the one that the environment variable {@code
 * TEST_AMQP_URL} names, else one in Docker, else a {@code rabbitmq-server} on the PATH, started
 * privately.
 */
public final class RabbitServers {
  private RabbitServers() {}

  /** The server; nothing where none can be had, which is told on standard output. */
  public static Optional<RabbitServer> shared() {
    return Shared.SERVER;
  }

  /**
   * The server; where none can be had, failure of a test that needs it.
   *
   * @throws IllegalStateException that says what would help
   */
  public static RabbitServer required() {
    return shared().orElseThrow(() -> new IllegalStateException(Shared.MISSING));
  }

  /**
   * The server, for a test that stops or changes it. One that somebody else runs is left alone: the
   * test is aborted, which is told, and with {@code CI=true} it fails.
   */
  public static RabbitServer ours() {
    RabbitServer server = required();
    if (!server.isOurs()) {
      NotRun.because(server + " is not the tests' to stop");
    }
    return server;
  }

  private static final class Shared {
    static final String MISSING =
        "no RabbitMQ: TEST_AMQP_URL is not set, Docker does not answer, and there is no"
            + " rabbitmq-server on the PATH (expected: one of them)";
    static final Optional<RabbitServer> SERVER = find();

    private static Optional<RabbitServer> find() {
      Optional<RabbitServer> found =
          named().or(Shared::inDocker).or(() -> PrivateRabbit.find().map(binary -> binary));
      found.ifPresent(server -> Runtime.getRuntime().addShutdownHook(new Thread(server::close)));
      System.out.println("RabbitMQ under test: " + found.map(Object::toString).orElse(MISSING));
      return found;
    }

    private static Optional<RabbitServer> named() {
      return Optional.ofNullable(System.getenv("TEST_AMQP_URL"))
          .filter(url -> !url.isBlank())
          .map(NamedRabbit::new);
    }

    /** Asking Docker takes long and logs an error where there is none. */
    private static Optional<RabbitServer> inDocker() {
      boolean likely =
          System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
      return likely && DockerClientFactory.instance().isDockerAvailable()
          ? DockerRabbit.start()
          : Optional.empty();
    }
  }
}
