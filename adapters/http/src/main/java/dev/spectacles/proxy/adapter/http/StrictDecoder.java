package dev.spectacles.proxy.adapter.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Decoder that takes no request whose end can be read in two ways. */
final class StrictDecoder extends HttpRequestDecoder {
  StrictDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpFrontDoor.LONGEST_LINE)
            .setMaxHeaderSize(HttpFrontDoor.LARGEST_HEAD)
            .setMaxChunkSize(HttpFrontDoor.LARGEST_PIECE)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
  }

  /** Netty would trust the one and drop the other. Source: RFC 9112, section 6.1. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }
}
