package dev.baton.agent;

import dev.baton.agent.weave.Hooks;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** Puts the hooks into Netty's classes when the application loads them. */
final class NettyHooks implements ClassFileTransformer {
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
