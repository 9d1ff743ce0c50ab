package dev.baton.agent;

import dev.baton.channel.NativeLibrary;
import dev.baton.jdk.Internals;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The {@code -javaagent} of a worker: hooks the bind path of the JDK and of Netty's native
 * transport. It does not connect to the supervisor: the first bind does, so that helper JVMs that a
 * start script runs ({@code java -version}) cost little and take no place.
 */
public final class Agent {
  private Agent() {}

  /**
   * Hooks what the application will bind with.
   *
   * @param natives the folder of junixsocket's native library. Told by the supervisor: if the
   *     application has the SDK on its class path, this class comes from there, and what lies
   *     beside it is not what lies beside the supervisor's
   */
  public static void premain(@Nullable String natives, Instrumentation instrumentation) {
    // An exception out of premain would abort the JVM. Without hooks the application binds for
    // itself, which fails or works with its own words.
    try {
      Environment environment = Environment.from(System.getenv());
      if (environment != null) {
        install(environment, natives, instrumentation);
      }
    } catch (Throwable e) {
      Notice.print("this JVM cannot be hot-restarted: " + e);
    }
  }

  private static void install(
      Environment environment, @Nullable String natives, Instrumentation instrumentation)
      throws Exception {
    Internals.open(instrumentation);
    Internals.enableNativeAccess();
    if (natives != null) {
      NativeLibrary.useFrom(Path.of(natives));
    }
    Preparation preparation = Preparation.start();
    JdkHooks hooks = JdkHooks.install(instrumentation);
    instrumentation.addTransformer(new NettyHooks());
    HeldPaths heldPaths = new HeldPaths(environment.heldPaths(), hooks::hookDeletes);
    BindHooks.start(new Broker(environment, heldPaths, preparation), heldPaths);
  }
}
