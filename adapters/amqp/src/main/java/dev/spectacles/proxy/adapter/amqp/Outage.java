package dev.spectacles.proxy.adapter.amqp;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the broker is away, told to the log once when the first connection goes and once when all
 * are back. Thread-safe.
 */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> away = new HashSet<>();
  private String toldError = "";
  private boolean told;

  Outage(String server) {
    this.server = server;
  }

  /** Where the broker is. */
  String server() {
    return server;
  }

  /** This connection was lost, or could not be made. */
  void noticed(String connection, String reason) {
    lock.lock();
    try {
      away.add(connection);
      if (!told) {
        told = true;
        LOG.warn("RabbitMQ at {} is not reachable: {}; trying again", server, reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The broker is there, but does not let us in. */
  void refused(String connection, String reason) {
    lock.lock();
    try {
      if (isNewError(connection, reason)) {
        LOG.warn(
            "RabbitMQ at {} refuses our credentials: {}; look at user, password and vhost of"
                + " amqp.url; trying again",
            server,
            reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Exchange or queue exist, but not as the protocol wants them. */
  void mismatched(String connection, String message) {
    lock.lock();
    try {
      if (isNewError(connection, message)) {
        LOG.error("{}", message);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something failed that never should, which is a defect. */
  void unexpected(String connection, RuntimeException defect) {
    lock.lock();
    try {
      if (isNewError(connection, String.valueOf(defect))) {
        LOG.error("Connecting to RabbitMQ at {} failed unexpectedly, trying again", server, defect);
      }
    } finally {
      lock.unlock();
    }
  }

  /** This connection was made. */
  void over(String connection) {
    lock.lock();
    try {
      away.remove(connection);
      if (told && away.isEmpty()) {
        told = false;
        toldError = "";
        LOG.info("RabbitMQ at {} is reachable again", server);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is to be told: the same error, at every try, is told once. */
  private boolean isNewError(String connection, String text) {
    away.add(connection);
    if (toldError.equals(text)) {
      return false;
    }
    toldError = text;
    told = true;
    return true;
  }
}
