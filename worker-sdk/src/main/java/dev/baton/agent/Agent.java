package dev.baton.agent;

import dev.baton.channel.NativeLibrary;
import dev.baton.jdk.Internals;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The {@code -javaagent} of a worker: hooks the bind path of the JDK and of Netty's native
 * transport. It does not connect to the supervisor: the first bind does, so that helper JVMs that a
 * start script runs ({@code java -version}) cost little and take no place.
 */
public final class Agent {
  private Agent() {}

  public static void premain(String arguments, Instrumentation instrumentation) {
    // An exception out of premain would abort the JVM. Without hooks the application binds for
    // itself, which fails or works with its own words.
    try {
      Environment environment = Environment.from(System.getenv());
      if (environment != null) {
        install(environment, instrumentation);
      }
    } catch (Throwable e) {
      Notice.print("this JVM cannot be hot-restarted: " + e);
    }
  }

  private static void install(Environment environment, Instrumentation instrumentation)
      throws Exception {
    Internals.open(instrumentation);
    Internals.enableNativeAccess();
    NativeLibrary.useFrom(jar().resolveSibling("../native/lib").normalize());
    Preparation preparation = Preparation.start();
    HookTransformer hooks = HookTransformer.install(instrumentation);
    HeldPaths heldPaths = new HeldPaths(environment.heldPaths(), hooks::hookDeletes);
    BindHooks.start(new Broker(environment, heldPaths, preparation), heldPaths);
  }

  /** Our own jar; the folder with it and {@code native} lie side by side. */
  private static Path jar() throws URISyntaxException {
    return Path.of(Agent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
