package dev.zone.launcher.cli;

import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What planning needs of a run's record, as files of this machine: the record itself where it is
 * mounted, a copy for as long as it is needed elsewhere.
 */
final class RecordCopy implements AutoCloseable {
  private static final String PLANS = "plan(\\.[0-9]+)?\\.yaml";

  private final RunView run;
  private final Path folder;
  private final Optional<Path> temporary;

  private RecordCopy(RunView run, Path folder, Optional<Path> temporary) {
    this.run = run;
    this.folder = folder;
    this.temporary = temporary;
  }

  static RecordCopy of(RunPlaces.Found found) {
    if (found.folder().isPresent()) {
      return new RecordCopy(found.view(), found.folder().get(), Optional.empty());
    }
    try {
      Path temporary = Files.createTempDirectory("zone-record-");
      Path folder = temporary.resolve(found.id());
      RunView run = found.view();
      run.list("").stream()
          .filter(
              name ->
                  name.matches(PLANS)
                      || List.of("error.json", "states", "model-files").contains(name))
          .forEach(name -> run.copy(name, folder));
      return new RecordCopy(run, folder, Optional.of(temporary));
    } catch (IOException e) {
      throw ZoneException.environment("Cannot make a folder to work in: " + e.getMessage(), e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Brings plans that were written here to the record. */
  void bringBackPlans() {
    if (temporary.isEmpty()) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(each -> each.getFileName().toString().matches(PLANS)).toList()) {
        run.replace(file.getFileName().toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    temporary.ifPresent(
        tree -> {
          try {
            RunFolder.deleteTree(tree);
          } catch (IOException e) {
            // The system removes what is left of its temporary folders.
            return;
          }
        });
  }
}
