package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import dev.spectacles.proxy.domain.gateway.GatewaySend;
import dev.spectacles.proxy.domain.gateway.InvalidSendException;
import dev.spectacles.proxy.domain.request.Body;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePackException;

/** Bytes of a {@code SEND} event, <code>{guild_id, packet}</code>, to its value. */
public final class SendCodec {
  private static final String GUILD = "guild_id";
  private static final String PACKET = "packet";

  /** Up to here JavaScript's numbers tell every integer from the next. */
  private static final BigInteger MOST_SAFE = BigInteger.ONE.shiftLeft(53).subtract(BigInteger.ONE);

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,20}");
  private static final String EXPECTED_ID =
      " (expected: 64 bits without a sign as text, or a number that is exact)";

  private SendCodec() {}

  /**
   * Event in MessagePack, or in JSON where the first byte is <code>{</code>. The packet has to be a
   * map, whose bytes stay as they are; fields of other names are ignored.
   */
  public static GatewaySend decode(byte[] payload) throws InvalidSendException {
    boolean json = payload.length > 0 && payload[0] == '{';
    try {
      return read(json ? JsonSource.of(payload) : new MessagePackSource(payload));
    } catch (WireException e) {
      throw new InvalidSendException(String.valueOf(e.getMessage()));
    } catch (IOException | MessagePackException e) {
      // Without its message, which may quote the payload.
      throw new InvalidSendException("event: damaged " + (json ? "JSON" : "MessagePack"));
    }
  }

  private static GatewaySend read(Source source) throws IOException, WireException {
    if (source.kind() != Kind.MAP) {
      throw new WireException("event: is " + source.kind().shown() + " (expected: a map)");
    }
    @Nullable BigInteger guild = null;
    byte @Nullable [] packet = null;
    var names = new HashSet<String>();
    int size = source.open();
    for (int i = 0; source.more(i, size); i++) {
      String name = source.name();
      if (!names.add(name)) {
        throw new WireException("event: two fields of the same name");
      }
      switch (name) {
        case GUILD -> guild = guild(source);
        case PACKET -> {
          if (source.kind() != Kind.MAP) {
            throw new WireException("packet: is " + source.kind().shown() + " (expected: a map)");
          }
          packet = source.raw();
        }
        default -> source.skip();
      }
    }
    source.end();
    if (guild == null || packet == null) {
      throw new WireException("event: lacks " + (guild == null ? GUILD : PACKET));
    }
    return new GatewaySend(guild.longValue(), Body.of(packet));
  }

  private static BigInteger guild(Source source) throws IOException, WireException {
    Kind kind = source.kind();
    Optional<BigInteger> id =
        switch (kind) {
          case TEXT, BYTES -> source.text().flatMap(SendCodec::ofDigits);
          case INTEGER -> ofDigits(source.digits()).filter(n -> source.isExact() || isSafe(n));
          case FLOAT -> ofDigits(source.decimal()).filter(SendCodec::isSafe);
          default -> throw new WireException("guild_id: is " + kind.shown() + EXPECTED_ID);
        };
    return id.orElseThrow(() -> new WireException("guild_id: no id" + EXPECTED_ID));
  }

  private static Optional<BigInteger> ofDigits(String text) {
    return DIGITS.matcher(text).matches()
        ? Optional.of(new BigInteger(text)).filter(id -> id.bitLength() <= Long.SIZE)
        : Optional.empty();
  }

  private static boolean isSafe(BigInteger id) {
    return id.compareTo(MOST_SAFE) <= 0;
  }
}
