package dev.baton.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the hooks into the classes of {@link Hooks}, as they are loaded or, if they were, again. */
final class HookTransformer implements ClassFileTransformer {
  private final Instrumentation instrumentation;

  // volatile: classes are loaded on every thread
  private volatile boolean deletes;

  private HookTransformer(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  static HookTransformer install(Instrumentation instrumentation)
      throws UnmodifiableClassException, ClassNotFoundException {
    HookTransformer transformer = new HookTransformer(instrumentation);
    instrumentation.addTransformer(transformer, true);
    transformer.retransform(Hooks.BIND_CLASSES);
    return transformer;
  }

  /** Hooks the deletion of files too. Only workers with unix sockets pay for it. */
  void hookDeletes() {
    deletes = true;
    try {
      retransform(Hooks.DELETE_CLASSES);
    } catch (UnmodifiableClassException | ClassNotFoundException e) {
      Notice.print("cannot protect the paths of unix sockets: " + e);
    }
  }

  private void retransform(List<String> names)
      throws UnmodifiableClassException, ClassNotFoundException {
    List<Class<?>> classes = new ArrayList<>();
    for (String name : names) {
      classes.add(Class.forName(name.replace('/', '.'), false, null));
    }
    instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable Module module,
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (name == null || !isTarget(name)) {
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

  private boolean isTarget(String name) {
    return Hooks.BIND_CLASSES.contains(name)
        || name.endsWith(Hooks.NETTY_SOCKET)
        || name.endsWith(Hooks.NETTY_DATAGRAM)
        || (deletes && Hooks.DELETE_CLASSES.contains(name));
  }
}
