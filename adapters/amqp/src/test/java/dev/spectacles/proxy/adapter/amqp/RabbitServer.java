package dev.spectacles.proxy.adapter.amqp;

/** RabbitMQ for tests. */
public interface RabbitServer extends AutoCloseable {
  /** Address with user and password. */
  String url();

  /** Whether {@link #kill}, {@link #startAgain} and {@link #control} can be called. */
  boolean isOurs();

  /** Kills it, as a crash would; what was written to disk stays. */
  void kill();

  /** Starts it after it was killed; returns when it answers. */
  void startAgain();

  /** Runs {@code rabbitmqctl} with these arguments. */
  void control(String... arguments);

  @Override
  void close();
}
