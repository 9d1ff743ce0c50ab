package dev.baton.agent;

import dev.baton.agent.weave.Hooks;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the hooks into the classes of {@link Hooks}: into those of the JDK at once, into Netty's
 * when the application loads them.
 */
final class HookTransformer implements ClassFileTransformer {
  private final Instrumentation instrumentation;

  private HookTransformer(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  static HookTransformer install(Instrumentation instrumentation)
      throws IOException, UnmodifiableClassException, ClassNotFoundException {
    HookTransformer transformer = new HookTransformer(instrumentation);
    transformer.hook(Hooks.BIND_CLASSES);
    // Only now, when every class that transform needs has been used: one that was first loaded in
    // there could wait for a thread that loads another, and that thread for us.
    instrumentation.addTransformer(transformer);
    return transformer;
  }

  /** Hooks the deletion of files too. Only workers with unix sockets pay for it. */
  void hookDeletes() {
    try {
      hook(Hooks.DELETE_CLASSES);
    } catch (IOException | UnmodifiableClassException | ClassNotFoundException e) {
      Notice.print("cannot protect the paths of unix sockets: " + e);
    }
  }

  private void hook(List<String> names)
      throws IOException, UnmodifiableClassException, ClassNotFoundException {
    List<ClassDefinition> hooked = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(name.replace('/', '.'), false, null);
      hooked.add(new ClassDefinition(type, Hooks.weave(name, bytes(name))));
    }
    instrumentation.redefineClasses(hooked.toArray(new ClassDefinition[0]));
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = Object.class.getModule().getResourceAsStream(name + ".class")) {
      if (in == null) {
        throw new IOException("this JDK does not show the bytes of " + name);
      }
      return in.readAllBytes();
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable Module module,
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (name == null || !Hooks.isNetty(name)) {
      return null;
    }
    try {
      return Hooks.weave(name, bytes);
    } catch (RuntimeException e) {
      // The JVM swallows what a transformer throws; a server that is not hooked must not be silent.
      Notice.print("cannot hook " + name + ": " + e);
      return null;
    }
  }
}
