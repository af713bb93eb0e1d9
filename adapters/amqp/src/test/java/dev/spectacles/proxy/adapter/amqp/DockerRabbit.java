package dev.spectacles.proxy.adapter.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/** Server in a container. */
final class DockerRabbit implements RabbitServer {
  private static final String IMAGE = "rabbitmq:4-alpine";

  private final RabbitMQContainer container;

  private DockerRabbit(RabbitMQContainer container) {
    this.container = container;
  }

  /** Starts one; nothing where the image is not to be had, which is told. */
  static Optional<RabbitServer> start() {
    var container = new RabbitMQContainer(IMAGE);
    try {
      container.start();
      return Optional.of(new DockerRabbit(container));
    } catch (ContainerFetchException | ContainerLaunchException e) {
      System.out.println("Docker is there, but not " + IMAGE + ": " + e.getMessage());
      container.close();
      return Optional.empty();
    }
  }

  @Override
  public String url() {
    return container.getAmqpUrl();
  }

  @Override
  public boolean isOurs() {
    return true;
  }

  /** The container stays, or it would come back on another port. */
  @Override
  public void kill() {
    control("stop_app");
  }

  @Override
  public void startAgain() {
    control("start_app");
  }

  @Override
  public void control(String... arguments) {
    try {
      String[] command =
          Stream.concat(Stream.of("rabbitmqctl"), Stream.of(arguments)).toArray(String[]::new);
      Container.ExecResult result = container.execInContainer(command);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(List.of(command) + ": " + result.getStderr());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    container.close();
  }

  @Override
  public String toString() {
    return IMAGE + " in Docker";
  }
}
