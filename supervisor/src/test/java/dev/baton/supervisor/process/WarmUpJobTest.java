package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.WarmUp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the helper is told is what was meant. */
final class WarmUpJobTest {
  private static final WarmUp HOW =
      new WarmUp(
          true,
          8443,
          ImmutableList.of("/", "/ä?q=a"),
          "POST",
          ImmutableMap.of("Authorization", "Bearer x"),
          "ü".repeat(50_000),
          3,
          Duration.ofSeconds(90));

  private static void comesBack(SocketAddress face) throws IOException {
    WarmUpJob job = new WarmUpJob(face, 4711, HOW);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    job.writeTo(new DataOutputStream(written));

    assertEquals(
        job,
        WarmUpJob.readFrom(new DataInputStream(new ByteArrayInputStream(written.toByteArray()))));
  }

  @Test
  void everyKindOfFaceComesBack() throws IOException {
    comesBack(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 8080));
    byte[] six = new byte[16];
    six[15] = 1;
    comesBack(new InetSocketAddress(InetAddress.getByAddress(six), 8080));
    comesBack(UnixDomainSocketAddress.of("/run/baton/shop/face.1"));
  }
}
