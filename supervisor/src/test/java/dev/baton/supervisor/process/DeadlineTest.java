package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
  @Test
  void whatIsPastHasNothingLeft() {
    Deadline past = Deadline.after(Duration.ZERO);

    assertTrue(past.isPast());
    assertEquals(0, past.remainingMillis());
    assertThrows(SocketTimeoutException.class, past::millisLeft);
  }

  @Test
  void whatIsToComeHasSomethingLeft() throws Exception {
    Deadline distant = Deadline.after(Duration.ofHours(1));

    assertFalse(distant.isPast());
    assertTrue(distant.remainingMillis() > 0);
    assertTrue(distant.millisLeft() > 0);
  }
}
