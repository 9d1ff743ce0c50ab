package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.core.Operation;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import dev.baton.supervisor.core.RestartRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a command wants of some services.
 *
 * @param services none for all
 * @param workers how many, for a change of scale
 * @param strategy instead of the configured one, for a restart
 */
public record Request(
    Kind kind,
    ImmutableList<String> services,
    int workers,
    @Nullable Strategy strategy,
    RestartRecord.Asker asker) {
  public static Request of(Kind kind, ImmutableList<String> services, RestartRecord.Asker asker) {
    return new Request(kind, services, 0, null, asker);
  }

  Operation operation(long id, ImmutableList<String> all) {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (String service : services.isEmpty() ? all : services) {
      steps.add(new Step(service, kind, workers, strategy));
    }
    return new Operation(id, steps.build(), false);
  }
}
