package dev.baton.worker.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DrainHandlerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private boolean draining;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new HttpServerCodec(), new DrainHandler(() -> draining));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void aConnectionIsKeptUntilTheDrain() {
    receive(GET);
    assertFalse(answer().contains("connection: close"));
    draining = true;
    assertTrue(channel.isOpen(), "idle, so a client may be writing");
    receive(GET);
    assertTrue(answer().contains("connection: close"));
    assertFalse(channel.isOpen());
  }

  @Test
  void allRequestsOfAPipelineAreAnswered() {
    draining = true;
    receive(GET + GET);
    assertFalse(answer().contains("connection: close"));
    assertTrue(answer().contains("connection: close"));
    assertFalse(channel.isOpen());
  }

  @Test
  void nothingIsTakenThatCouldNotBeAnswered() {
    draining = true;
    receive(GET);
    assertEquals(1, requests());
    send(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    receive(GET);
    assertEquals(0, requests());
    assertTrue(channel.isOpen());
    send(LastHttpContent.EMPTY_LAST_CONTENT);
    assertFalse(channel.isOpen());
  }

  @Test
  void aClientThatStillSendsIsHeardToTheEnd() {
    draining = true;
    receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
    assertTrue(answer().contains("connection: close"));
    assertTrue(channel.isOpen());
    receive("y");
    assertFalse(channel.isOpen());
  }

  @Test
  void anInformationalResponseEndsNothing() {
    draining = true;
    receive("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    send(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    receive("x");
    assertTrue(channel.isOpen());
    assertTrue(answer().contains("connection: close"));
    assertFalse(channel.isOpen());
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  /** How many have come through since the last time. */
  private int requests() {
    int requests = 0;
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      requests += read instanceof HttpRequest ? 1 : 0;
      ReferenceCountUtil.release(read);
    }
    return requests;
  }

  private String answer() {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    return send(response);
  }

  private String send(Object message) {
    channel.writeOutbound(message);
    StringBuilder text = new StringBuilder();
    for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      text.append(((ByteBuf) sent).toString(StandardCharsets.US_ASCII));
      ReferenceCountUtil.release(sent);
    }
    return text.toString();
  }
}
