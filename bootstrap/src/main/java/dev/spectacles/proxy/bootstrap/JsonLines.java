package dev.spectacles.proxy.bootstrap;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.JsonEscapeUtil;

/**
 * A log with one JSON object per line: {@code level}, {@code threadName}, {@code loggerName},
 * {@code throwable} and {@code kvpList} as logback writes them, {@code timestamp} in ISO 8601,
 * {@code message} with its arguments filled in, and what the thread noted of its request, such as
 * {@code trace_id}, beside them.
 */
final class JsonLines extends JsonEncoder {
  JsonLines() {
    setWithSequenceNumber(false);
    setWithTimestamp(false);
    setWithNanoseconds(false);
    setWithContext(false);
    setWithMarkers(false);
    setWithMDC(false);
    setWithMessage(false);
    setWithFormattedMessage(false);
    // They are in the message already.
    setWithArguments(false);
  }

  @Override
  protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
    member(line, "timestamp", event.getInstant().toString());
    member(line, "message", event.getFormattedMessage());
    event.getMDCPropertyMap().forEach((name, value) -> member(line, name, value));
  }

  private void member(StringBuilder line, String name, String value) {
    appendValueSeparator(line, true);
    appenderMember(line, name, JsonEscapeUtil.jsonEscapeString(value));
  }
}
