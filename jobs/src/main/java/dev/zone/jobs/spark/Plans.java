package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import java.util.List;
import java.util.Optional;

final class Plans {
  private Plans() {}

  /**
   * Reads a plan that the launcher wrote.
   *
   * @throws ZoneException (internal) if it is none: a user never writes plans
   */
  static PlanSpec parse(String yaml) {
    Problems problems = new Problems();
    Optional<Bound<PlanSpec>> plan =
        YamlBinder.parse(yaml, "plan.yaml", PlanSpec.class, List.of(), problems);
    if (plan.isEmpty() || !problems.isEmpty()) {
      throw new ZoneException(ErrorKind.INTERNAL, "Cannot read the plan: " + problems.list());
    }
    return plan.get().value();
  }
}
