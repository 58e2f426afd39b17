package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.ColumnPattern;
import dev.zone.datasets.Origins;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;

/** Delimited text, plain or in zips. */
final class DelimitedReader {
  private final Problems problems;
  private final Limits limits;
  private final TextReading text;

  /** Reads one text. */
  interface TextReading {
    /**
     * @param name of the text, with the archive that it is in
     * @param constants columns that are the same for all its rows
     */
    void read(SourceFile file, String name, InputStream in, Map<String, String> constants)
        throws IOException;
  }

  /** Reads all rows into one table. */
  DelimitedReader(SourceSpec.Delimited spec, TableBuilder table, Limits limits) {
    this(
        table.problems(),
        limits,
        (file, name, in, constants) -> {
          DelimitedText text = new DelimitedText(spec.separator(), spec.encoding(), limits);
          table.begin(source(file, name));
          DelimitedRows rows =
              new DelimitedRows(
                  table,
                  new DelimitedRows.File(name, constants, columns(spec, table, constants)),
                  spec,
                  limits);
          text.read(in, 1, rows);
          rows.close();
        });
  }

  DelimitedReader(Problems problems, Limits limits, TextReading text) {
    this.problems = problems;
    this.limits = limits;
    this.text = text;
  }

  static Origins.Source source(SourceFile file, String name) {
    return new Origins.Source(name, Origins.Kind.LINE, file.spec().split(), List.of());
  }

  /** Names of the fields where the first line does not name them. */
  static Optional<List<String>> columns(
      SourceSpec.Delimited spec, TableBuilder table, Map<String, String> constants) {
    if (spec.header()) {
      return Optional.empty();
    }
    List<String> columns =
        table.expected().stream().filter(column -> !constants.containsKey(column)).toList();
    columns.stream()
        .filter(ColumnPattern::isPattern)
        .findFirst()
        .ifPresent(
            pattern -> {
              throw new FormatException(
                  "Cannot tell which fields are columns '%s': there is no header (expected names)"
                      .formatted(pattern));
            });
    return Optional.of(columns);
  }

  void read(SourceFile file) throws IOException {
    Entries entries = new Entries(file.spec());
    if (!file.name().toLowerCase(Locale.ROOT).endsWith(".zip")) {
      try (InputStream in = Files.newInputStream(file.path())) {
        text.read(file, file.name(), in, constants(file, entries, file.name()));
      }
      return;
    }
    try (ZipArchive zip = ZipArchive.open(file.path(), limits)) {
      List<ZipEntry> taken =
          zip.entries().stream().filter(entry -> entries.takes(entry.getName())).toList();
      if (taken.isEmpty()) {
        throw new FormatException(
            "Cannot find data in zip (expected entries '%s')"
                .formatted(file.spec().entries().orElse("**")));
      }
      for (ZipEntry entry : taken) {
        String name = file.name() + "!/" + entry.getName();
        Faults.gather(
            name,
            problems,
            () -> {
              try (InputStream in = new BufferedInputStream(zip.open(entry), 1 << 16)) {
                text.read(file, name, in, constants(file, entries, entry.getName()));
              }
            });
      }
    }
  }

  /** Columns that are the same for all rows of a file. */
  private static Map<String, String> constants(SourceFile file, Entries entries, String path) {
    Map<String, String> constants = new LinkedHashMap<>(file.spec().values());
    constants.putAll(entries.values(path));
    return constants;
  }
}
