package dev.zone.datasets.registry;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A version as a descriptor of plain files, for whoever trains on it. */
public final class VersionSource {
  private VersionSource() {}

  /**
   * The dataset's descriptor with the version's files, pinned by digest, in the place of those that
   * were fed. Their paths are below the dataset's folder.
   */
  public static DatasetSpec of(DatasetSpec descriptor, Version version) {
    return of(
            descriptor,
            version.parts().stream().map(part -> file(part, part.path())).toList(),
            descriptor.columns())
        .version(version.number());
  }

  /** A file with a part's rows. */
  static FileSpec file(Part part, String path) {
    return new FileSpec(
        path,
        part.split(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.of(part.sha256()));
  }

  /**
   * The dataset's descriptor with files of a version in the place of those that were fed.
   *
   * @param wanted columns that are read, as the dataset has them
   */
  static DatasetSpec of(
      DatasetSpec descriptor, List<FileSpec> files, Map<String, ColumnSpec> wanted) {
    Map<String, ColumnSpec> columns = new LinkedHashMap<>();
    wanted.forEach((name, column) -> columns.put(name, written(column)));
    return descriptor.from(new SourceSpec.Parquet(files), columns);
  }

  /**
   * Versions hold classes by their names, and the remaining lives of units that were cut short. Of
   * other units these follow from all rows.
   */
  private static ColumnSpec written(ColumnSpec column) {
    Map<String, String> classes = new LinkedHashMap<>();
    column.classes().values().forEach(name -> classes.put(name, name));
    Optional<ColumnSpec.RemainingLife> life = column.remainingLife().map(VersionSource::written);
    return new ColumnSpec(
        column.type(),
        column.role(),
        column.shape(),
        column.range(),
        classes,
        column.unit(),
        column.missing() || life.filter(ColumnSpec.RemainingLife::given).isPresent(),
        Optional.empty(),
        life);
  }

  private static ColumnSpec.RemainingLife written(ColumnSpec.RemainingLife life) {
    return life.atEnd().isEmpty()
        ? life
        : new ColumnSpec.RemainingLife(life.group(), life.time(), Map.of(), true);
  }
}
