package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec;
import java.util.List;

/**
 * How a run goes on.
 *
 * @param plan what it goes on by
 * @param isChanged whether that differs from the plan in the run's folder
 * @param notes what the user should know before, a line each
 */
public record Resumed(PlanSpec plan, boolean isChanged, Master master, List<String> notes) {
  public Resumed {
    notes = List.copyOf(notes);
  }
}
