package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Reads the rows of a version again, a part at a time. */
public final class PartTables {
  private final RegisteredDataset dataset;
  private final DatasetSpec descriptor;

  /**
   * @param descriptor the dataset's
   */
  public PartTables(RegisteredDataset dataset, DatasetSpec descriptor) {
    this.dataset = dataset;
    this.descriptor = descriptor;
  }

  /**
   * Reads parts one after another.
   *
   * @param columns of the descriptor, those that are wanted
   * @throws ZoneException of the environment if a part cannot be read
   */
  public void forEach(List<Part> parts, Predicate<String> columns, BiConsumer<Part, Table> taking) {
    for (Part part : parts) {
      try (Here here = here(part)) {
        Problems problems = new Problems();
        DatasetSpec spec =
            VersionSource.of(
                descriptor,
                List.of(VersionSource.file(part, here.file().getFileName().toString())),
                columns);
        Table table =
            TableReader.read(
                    spec, here.file().toAbsolutePath().getParent(), Limits.DEFAULT, problems)
                .orElseThrow(
                    () ->
                        ZoneException.environment(
                            "Cannot use %s: %s (expected it as it was written; zone dataset verify tells more)"
                                .formatted(
                                    dataset.folder().place(part.path()), problems.list().get(0)),
                            null));
        taking.accept(part, table);
      } catch (IOException e) {
        throw ZoneException.environment(
            "Cannot read %s (%s)".formatted(dataset.folder().place(part.path()), e.getMessage()),
            e);
      }
    }
  }

  /** A part as a file of this machine. */
  private record Here(Path file, boolean temporary) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (temporary) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Here here(Part part) throws IOException {
    Path mounted = dataset.folder().mounted(part.path()).orElse(null);
    if (mounted != null) {
      return new Here(mounted, false);
    }
    Path copy = Files.createTempFile("zone-part", ".parquet");
    try {
      dataset.copy(part, copy);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
    return new Here(copy, true);
  }
}
