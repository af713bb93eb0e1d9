package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.request.TraceId;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * Trace of the request that a thread deals with: what it logs meanwhile bears the trace's id as
 * {@code trace_id}, OpenTelemetry's name for it in logs that are not its own.
 */
public final class NotedTrace {
  private static final String NAME = "trace_id";

  private NotedTrace() {}

  /** Notes the trace, if the request belongs to one; {@link #end} follows on the same thread. */
  public static void begin(Optional<TraceId> trace) {
    trace.ifPresent(id -> MDC.put(NAME, id.value()));
  }

  /** The thread goes on with something else. */
  public static void end() {
    MDC.remove(NAME);
  }
}
