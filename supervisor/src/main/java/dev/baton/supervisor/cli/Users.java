package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.process.User;
import dev.baton.supervisor.resource.RunDirectory;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Whose processes may attach: ours, and those of the users that workers run as. Any thread. */
final class Users implements LongPredicate {
  private final Set<Long> others = ConcurrentHashMap.newKeySet();
  private final long own;

  // Written once, when the attach socket listens
  private volatile @Nullable RunDirectory directory;

  Users() throws IOException {
    this.own = RunDirectory.uid();
  }

  /** From now on the users of this configuration may, too, and find the way. */
  void allow(Config config) throws ConfigException, IOException {
    for (ServiceConfig service : config.services().values()) {
      User user = User.toBecome(service.launch().user());
      if (user != null) {
        others.add(user.uid());
      }
    }
    RunDirectory opened = directory;
    if (opened != null && areOthers()) {
      opened.letOthersAttach();
    }
  }

  /** The attach socket listens: from now on others are let through to it. */
  void open(RunDirectory listening) throws IOException {
    directory = listening;
    if (areOthers()) {
      listening.letOthersAttach();
    }
  }

  /** Whether there is anybody but us. */
  boolean areOthers() {
    return !others.isEmpty();
  }

  @Override
  public boolean test(long uid) {
    return uid == own || others.contains(uid);
  }
}
