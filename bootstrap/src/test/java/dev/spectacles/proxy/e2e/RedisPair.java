package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.testing.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A Redis whose data outlives its process, behind a relay for the fleet and one for the worker, so
 * that it can be restarted, emptied, cut off and replaced by its replica. Not thread-safe, but for
 * {@link #port}.
 */
final class RedisPair implements AutoCloseable {
  // Written before it is answered and never synchronised: it survives the process, at no cost.
  private static final String[] DURABLE = {"--appendonly", "yes", "--appendfsync", "no"};

  private final Relay toFleet;
  private final Relay toWorker;
  private volatile RedisServers.Server server;

  RedisPair() {
    server = RedisServers.embedded().start(DURABLE);
    toFleet = Relay.to(server.port());
    toWorker = Relay.to(server.port());
  }

  String urlForFleet() {
    return toFleet.url("redis");
  }

  String urlForWorker() {
    return toWorker.url("redis");
  }

  /** Port of the server of the moment. */
  int port() {
    return server.port();
  }

  /** Delays what the instances send and receive; the worker's way stays short. */
  void delayForFleet(Duration eachWay) {
    toFleet.delay(eachWay);
  }

  /** Cuts the instances off, and not the worker. */
  void cutFromFleet() {
    toFleet.cut();
  }

  void restoreForFleet() {
    toFleet.restore();
  }

  void restartWithData() {
    server.kill();
    server.startAgain();
  }

  void restartWithoutData() throws IOException {
    server.kill();
    try (var files = Files.walk(server.directory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    server.startAgain();
  }

  /** Gives it a replica that has caught up. */
  RedisServers.Server startReplica() throws Exception {
    // By command, or it would be one again when it is restarted in the place of the other.
    var replica = RedisServers.embedded().start(DURABLE);
    replica.command("REPLICAOF", "127.0.0.1", Integer.toString(server.port()));
    Until.holds(
        "the replica follows",
        () -> replica.command("INFO", "replication").toString().contains("master_link_status:up"));
    return replica;
  }

  /** Kills the server and puts the replica in its place. */
  void failOverTo(RedisServers.Server replica) {
    var former = server;
    toFleet.cut();
    toWorker.cut();
    former.kill();
    replica.command("REPLICAOF", "NO", "ONE");
    server = replica;
    toFleet.pointTo(replica.port());
    toWorker.pointTo(replica.port());
    toFleet.restore();
    toWorker.restore();
    former.close();
  }

  @Override
  public void close() {
    toFleet.close();
    toWorker.close();
    server.close();
  }
}
