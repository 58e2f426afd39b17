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
 * @param from whose trained parameters to start from
 */
public record PlanRequest(
    Path job,
    List<String> settings,
    List<String> data,
    OptionalInt workers,
    Optional<String> master,
    Optional<From> from) {
  public PlanRequest {
    settings = List.copyOf(settings);
    data = List.copyOf(data);
  }

  /**
   * A trained model.
   *
   * @param named a run or a file
   * @param runs folder that runs are looked for in
   */
  public record From(String named, Path runs) {}
}
