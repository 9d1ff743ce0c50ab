package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TokensTest {
  private static final long SELF = ProcessHandle.current().pid();

  private final Tokens<String> tokens = new Tokens<>(Tokens.newKey());

  @Test
  void tokenIsGoodForOnce() {
    tokens.expect("worker", SELF);
    String token = tokens.tokenOf("worker");

    assertEquals("worker", tokens.redeem(token, SELF));
    assertNull(tokens.redeem(token, SELF));
  }

  @Test
  void isOfNoUseBeforeItIsExpectedOrAfterItsWorkerIsGone() {
    String token = tokens.tokenOf("worker");
    assertNull(tokens.redeem(token, SELF));
    tokens.expect("worker", SELF);
    tokens.expectAgain("worker", SELF, Processes.startedAt(SELF));

    tokens.forget("worker");

    assertNull(tokens.redeem(token, SELF));
    assertNull(tokens.recognize(tokens.identityOf("worker"), SELF));
  }

  @Test
  void tokenIsGoodForDescendantsOnly() throws IOException, InterruptedException {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      tokens.expect("parent", SELF);
      tokens.expect("child", child.pid());

      assertEquals("parent", tokens.redeem(tokens.tokenOf("parent"), child.pid()));
      assertNull(tokens.redeem(tokens.tokenOf("child"), SELF));
      assertEquals("child", tokens.redeem(tokens.tokenOf("child"), child.pid()));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void identityIsGoodForOneProcessOnly() throws IOException, InterruptedException {
    String identity = tokens.identityOf("worker");
    long started = Processes.startedAt(SELF);
    tokens.expectAgain("worker", SELF, started + 1);
    assertNull(tokens.recognize(identity, SELF), "a process that had the pid before");

    tokens.expectAgain("worker", SELF, started);

    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      assertNull(tokens.recognize(identity, child.pid()));
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals("worker", tokens.recognize(identity, SELF));
    assertEquals("worker", tokens.recognize(identity, SELF));
  }

  @Test
  void whoHasTheKeyKnowsAllSecrets() {
    Tokens<String> next = new Tokens<>(tokens.key());

    assertEquals(tokens.tokenOf("worker"), next.tokenOf("worker"));
    assertEquals(tokens.identityOf("worker"), next.identityOf("worker"));
  }

  @Test
  void noTwoAreTheSame() {
    assertNotEquals(tokens.tokenOf("worker"), tokens.tokenOf("other"));
    assertNotEquals(tokens.tokenOf("worker"), tokens.identityOf("worker"));
    assertNotEquals(new Tokens<>(Tokens.newKey()).tokenOf("worker"), tokens.tokenOf("worker"));
  }
}
