package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec;
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
  private final SourceSpec.Delimited spec;
  private final TableBuilder table;
  private final Limits limits;

  DelimitedReader(SourceSpec.Delimited spec, TableBuilder table, Limits limits) {
    this.spec = spec;
    this.table = table;
    this.limits = limits;
  }

  void read(SourceFile file) throws IOException {
    Entries entries = new Entries(file.spec());
    if (!file.name().toLowerCase(Locale.ROOT).endsWith(".zip")) {
      try (InputStream in = Files.newInputStream(file.path())) {
        readText(file, file.name(), in, constants(file, entries, file.name()));
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
            table.problems(),
            () -> {
              try (InputStream in = new BufferedInputStream(zip.open(entry), 1 << 16)) {
                readText(file, name, in, constants(file, entries, entry.getName()));
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

  private void readText(SourceFile file, String name, InputStream in, Map<String, String> constants)
      throws IOException {
    DelimitedText text = new DelimitedText(spec.separator(), spec.encoding(), limits);
    table.begin(new Origins.Source(name, Origins.Kind.LINE, file.spec().split(), List.of()));
    Optional<List<String>> columns = Optional.empty();
    if (!spec.header()) {
      columns =
          Optional.of(
              table.expected().stream().filter(column -> !constants.containsKey(column)).toList());
    }
    DelimitedRows rows =
        new DelimitedRows(table, new DelimitedRows.File(name, constants, columns), spec, limits);
    text.read(in, rows);
    rows.close();
  }
}
