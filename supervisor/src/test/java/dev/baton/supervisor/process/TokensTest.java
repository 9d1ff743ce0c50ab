package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TokensTest {
  private static final long SELF = ProcessHandle.current().pid();

  private final Tokens<String> tokens = new Tokens<>();

  @Test
  void isGoodForOnce() {
    String token = tokens.create();
    tokens.expect(token, "worker", SELF);

    assertEquals("worker", tokens.redeem(token, SELF));
    assertNull(tokens.redeem(token, SELF));
  }

  @Test
  void isOfNoUseBeforeItIsExpectedOrAfterItsWorkerIsGone() {
    String token = tokens.create();
    assertNull(tokens.redeem(token, SELF));

    tokens.expect(token, "worker", SELF);
    tokens.forget("worker");

    assertNull(tokens.redeem(token, SELF));
  }

  @Test
  void isGoodForDescendantsOnly() throws IOException, InterruptedException {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      String ofParent = tokens.create();
      tokens.expect(ofParent, "parent", SELF);
      String ofChild = tokens.create();
      tokens.expect(ofChild, "child", child.pid());

      assertEquals("parent", tokens.redeem(ofParent, child.pid()));
      assertNull(tokens.redeem(ofChild, SELF));
      assertEquals("child", tokens.redeem(ofChild, child.pid()));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void noTwoAreTheSame() {
    assertNotEquals(tokens.create(), tokens.create());
  }
}
