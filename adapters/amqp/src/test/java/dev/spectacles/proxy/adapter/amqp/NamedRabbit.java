package dev.spectacles.proxy.adapter.amqp;

/** Server that somebody else runs. */
record NamedRabbit(String url) implements RabbitServer {
  @Override
  public boolean isOurs() {
    return false;
  }

  @Override
  public void kill() {
    throw notOurs();
  }

  @Override
  public void startAgain() {
    throw notOurs();
  }

  @Override
  public void control(String... arguments) {
    throw notOurs();
  }

  @Override
  public void close() {}

  /** Without the password. */
  @Override
  public String toString() {
    return "TEST_AMQP_URL at " + AmqpUrl.parse(url).servers();
  }

  private static IllegalStateException notOurs() {
    return new IllegalStateException("TEST_AMQP_URL: a server that is not the tests' to stop");
  }
}
