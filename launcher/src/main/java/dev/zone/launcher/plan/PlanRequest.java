package dev.zone.launcher.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user asks to be planned.
 *
 * @param job the job file as the user names it
 * @param settings {@code path=value}, over the file's values
 * @param data {@code NAME=DIR} or {@code DIR}
 * @param workers over the file's value
 * @param master where to run; local, with a slot a worker, if empty
 */
public record PlanRequest(
    Path job,
    List<String> settings,
    List<String> data,
    OptionalInt workers,
    Optional<String> master) {
  public PlanRequest {
    settings = List.copyOf(settings);
    data = List.copyOf(data);
  }
}
