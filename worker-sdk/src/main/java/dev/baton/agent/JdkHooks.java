package dev.baton.agent;

import dev.baton.agent.weave.Hooks;
import dev.baton.agent.weave.Rehearsal;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the hooks into the classes of the JDK: while the JVM loads them, which is cheap, and by a
 * redefinition into those that somebody has loaded before us.
 */
final class JdkHooks {
  private final Instrumentation instrumentation;

  private JdkHooks(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /** Hooks what binds. */
  static JdkHooks install(Instrumentation instrumentation)
      throws IOException, UnmodifiableClassException, ClassNotFoundException {
    JdkHooks hooks = new JdkHooks(instrumentation);
    hooks.redefine(hooks.load());
    return hooks;
  }

  /** Hooks the deletion of files too. Only workers with unix sockets pay for it. */
  void hookDeletes() {
    try {
      redefine(Hooks.DELETE_CLASSES); // no JVM comes to us without having loaded them
    } catch (IOException | UnmodifiableClassException | ClassNotFoundException e) {
      Notice.print("cannot protect the paths of unix sockets: " + e);
    }
  }

  /** Has those that bind loaded; returns the names of those that were there before. */
  private List<String> load() throws ClassNotFoundException {
    // Before any class waits for us: one that weaving needs, and that is not there, could be with a
    // thread that waits for what we weave.
    Rehearsal.run();
    WhileLoading whileLoading = new WhileLoading();
    instrumentation.addTransformer(whileLoading);
    try {
      for (String name : Hooks.BIND_CLASSES) {
        type(name);
      }
    } finally {
      instrumentation.removeTransformer(whileLoading);
    }
    List<String> left = new ArrayList<>(Hooks.BIND_CLASSES);
    left.removeAll(whileLoading.woven);
    return left;
  }

  private static final class WhileLoading implements ClassFileTransformer {
    private final Set<String> woven = ConcurrentHashMap.newKeySet();

    @Override
    public byte @Nullable [] transform(
        @Nullable Module module,
        @Nullable ClassLoader loader,
        @Nullable String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      if (loader != null
          || redefined != null
          || name == null
          || !Hooks.BIND_CLASSES.contains(name)) {
        return null;
      }
      // What this throws nobody hears, but a redefinition will throw it again.
      byte[] hooked = Hooks.weave(name, bytes);
      woven.add(name);
      return hooked;
    }
  }

  private void redefine(List<String> names)
      throws IOException, UnmodifiableClassException, ClassNotFoundException {
    List<ClassDefinition> hooked = new ArrayList<>();
    for (String name : names) {
      hooked.add(new ClassDefinition(type(name), Hooks.weave(name, bytes(name))));
    }
    instrumentation.redefineClasses(hooked.toArray(new ClassDefinition[0]));
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name.replace('/', '.'), false, null);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = Object.class.getModule().getResourceAsStream(name + ".class")) {
      if (in == null) {
        throw new IOException("this JDK does not show the bytes of " + name);
      }
      return in.readAllBytes();
    }
  }
}
