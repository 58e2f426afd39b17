package dev.zone.launcher.plan;

import dev.zone.conf.yaml.YamlWriter;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the launcher puts into a run's folder before the application starts. */
public final class RunFiles {
  private RunFiles() {}

  /**
   * Makes the run's folder with the plan, the model's file and the model to start from.
   *
   * @throws dev.zone.conf.error.ZoneException of the environment if it cannot be written; nothing
   *     is left then
   */
  public static RunFolder write(Planned planned, Path runs) {
    RunFolder folder = RunFolder.create(runs, planned.plan().run());
    try {
      folder.write("plan.yaml", YamlWriter.write(planned.plan()));
      planned
          .modelFile()
          .ifPresent(file -> copy(file, folder, planned.plan().modelFile().orElseThrow()));
      planned
          .start()
          .ifPresent(
              start -> {
                String name = start.spec().file();
                copy(start.model(), folder, name);
                start.transforms().ifPresent(file -> copy(file, folder, name + ".transforms.json"));
              });
      return folder;
    } catch (RuntimeException e) {
      folder.discard();
      throw e;
    }
  }

  private static void copy(Path file, RunFolder folder, String name) {
    Path copy = folder.starting().resolve("model-files").resolve(name);
    try {
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    } catch (IOException e) {
      throw RunFolder.cannotWrite("copy the model's file to", copy, e);
    }
  }
}
