package dev.spectacles.proxy.adapter.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands on one message for each that is asked for, in a loop rather than within the call that asks:
 * a body may come in as many pieces as it has bytes. What one read of the socket brought beyond
 * that is kept, and no more is read until it is used up.
 */
final class OneByOne extends ChannelDuplexHandler {
  private final Queue<Object> arrivals = new ArrayDeque<>();
  private boolean wanted;
  private boolean delivering;
  private boolean reading;

  @Override
  public void read(ChannelHandlerContext ctx) {
    wanted = true;
    deliver(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    arrivals.add(message);
    deliver(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    deliver(ctx);
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    arrivals.forEach(ReferenceCountUtil::release);
    arrivals.clear();
    ctx.fireChannelInactive();
  }

  private void deliver(ChannelHandlerContext ctx) {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (wanted && !arrivals.isEmpty()) {
        wanted = false;
        ctx.fireChannelRead(arrivals.remove());
      }
    } finally {
      delivering = false;
    }
    if (wanted && !reading) {
      ctx.read();
    }
  }
}
