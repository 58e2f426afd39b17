package dev.zone.datasets.registry;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.parquet.ParquetException;
import dev.zone.datasets.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

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
   * @throws ZoneException of the environment if a part cannot be read
   */
  public void forEach(List<Part> parts, BiConsumer<Part, Table> taking) {
    forEach(parts, descriptor.columns(), taking);
  }

  /**
   * Reads some columns of parts one after another.
   *
   * @param names of the columns; those that they are computed from come with them
   * @throws ZoneException of the environment if a part cannot be read
   */
  public void forEach(List<Part> parts, List<String> names, BiConsumer<Part, Table> taking) {
    Map<String, ColumnSpec> columns = new LinkedHashMap<>();
    for (String name : names) {
      ColumnSpec column = descriptor.column(name).orElseThrow();
      column
          .remainingLife()
          .ifPresent(
              life ->
                  List.of(life.group(), life.time())
                      .forEach(of -> columns.put(of, descriptor.column(of).orElseThrow())));
      columns.put(name, column);
    }
    forEach(parts, columns, taking);
  }

  /**
   * Names of the columns that a part has, in order.
   *
   * @throws ZoneException of the environment if it cannot be read
   */
  public List<String> columns(Part part) {
    try (ParquetTable table =
        ParquetTable.open(part.bytes(), from -> dataset.folder().open(part.path(), from).bytes())) {
      return table.columns();
    } catch (ParquetException e) {
      throw damaged(part, e.getMessage());
    } catch (IOException e) {
      throw unreadable(part, e);
    }
  }

  private void forEach(
      List<Part> parts, Map<String, ColumnSpec> columns, BiConsumer<Part, Table> taking) {
    PartLives lives = new PartLives(columns);
    Map<String, ColumnSpec> written = lives.written(columns);
    if (lives.areAny()) {
      read(parts, written, lives::look);
    }
    read(parts, written, (part, table) -> taking.accept(part, lives.add(part, table)));
  }

  private void read(
      List<Part> parts, Map<String, ColumnSpec> columns, BiConsumer<Part, Table> taking) {
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
                .orElseThrow(() -> damaged(part, problems.list().get(0).toString()));
        taking.accept(part, table);
      } catch (IOException e) {
        throw unreadable(part, e);
      }
    }
  }

  private ZoneException damaged(Part part, String why) {
    return ZoneException.environment(
        "Cannot use %s: %s (expected it as it was written; zone dataset verify tells more)"
            .formatted(dataset.folder().place(part.path()), why),
        null);
  }

  private ZoneException unreadable(Part part, IOException e) {
    String place = dataset.folder().place(part.path());
    return ZoneException.environment(
        e instanceof NoSuchFileException
            ? "Cannot find %s (expected it as it was written; zone dataset verify tells more)"
                .formatted(place)
            : "Cannot read %s (%s)".formatted(place, e.getMessage()),
        e);
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
