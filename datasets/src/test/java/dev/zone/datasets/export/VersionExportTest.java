package dev.zone.datasets.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetName;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.parquet.ParquetTables;
import dev.zone.datasets.registry.FedFile;
import dev.zone.datasets.registry.FeedWriter;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.Part;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VersionExportTest {
  private static final String TEXT =
      """
      name: chip/test
      title: t
      source: {format: jsonLines, files: [{path: 'train*', split: train}, {path: 'test*', split: test}]}
      columns:
        x: {}
        lot: {type: text}
        when: {type: timestamp, pattern: "yyyy-MM-dd'T'HH:mm:ss"}
      licence: l
      citation: c
      """;

  @TempDir private Path folder;

  private static DatasetSpec descriptor(String yaml) {
    Problems problems = new Problems();
    return YamlBinder.parse(yaml, "x.yaml", DatasetSpec.class, List.of(), problems)
        .orElseThrow(() -> new AssertionError(problems.list()))
        .value();
  }

  private RegisteredDataset fed(String yaml, String... files) {
    RegisteredDataset dataset =
        new Registry(Storage.local(folder.resolve("registry")))
            .create(DatasetName.parse("chip/test"), yaml, "ada", Clock.systemUTC().instant());
    Problems problems = new Problems();
    for (String file : files) {
      new Feeding(dataset, descriptor(yaml), Clock.systemUTC())
          .feed(List.of(folder.resolve(file)), "ada", false, problems);
    }
    assertThat(problems.list()).isEmpty();
    return dataset;
  }

  private static VersionExport export(RegisteredDataset dataset) {
    return new VersionExport(
        dataset, descriptor(dataset.descriptor()), dataset.newest().orElseThrow());
  }

  private Table read(String yaml) {
    Problems problems = new Problems();
    return TableReader.read(descriptor(yaml), folder, Limits.DEFAULT, problems)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  @Test
  void writesTablesThatOthersRead() throws IOException {
    Files.writeString(
        folder.resolve("train1.jsonl"),
        """
        {"x": 0.1, "lot": "A, \\"1\\"", "when": "2026-01-31T12:00:00"}
        {"x": null, "lot": null, "when": null}
        """);
    Files.writeString(
        folder.resolve("train2.jsonl"),
        "{\"x\": 1e300, \"lot\": \"轴承\", \"when\": \"1969-12-31T23:59:59\"}\n");
    Files.writeString(
        folder.resolve("test1.jsonl"),
        "{\"x\": -2, \"lot\": \"B\", \"when\": \"2026-01-31T12:00:01\"}\n");
    RegisteredDataset dataset = fed(TEXT, "train1.jsonl", "train2.jsonl", "test1.jsonl");

    assertThat(export(dataset).to(folder.resolve("csv"), ExportFormat.CSV))
        .containsExactly("train.csv", "test.csv");
    assertThat(Files.readAllLines(folder.resolve("csv/train.csv")))
        .containsExactly(
            "x,lot,when",
            "0.1,\"A, \"\"1\"\"\",2026-01-31T12:00:00Z",
            ",,",
            "1.0E300,轴承,1969-12-31T23:59:59Z");
    assertThat(folder.resolve("csv/dataset.yaml")).hasContent(TEXT);

    assertThat(export(dataset).to(folder.resolve("npz"), ExportFormat.NPZ))
        .containsExactly("train.npz", "test.npz");
    Table npz =
        read(
            TEXT.replaceAll("source:.*", "source: {format: numpy, files: [{path: npz/train.npz}]}")
                .replaceAll("when: .*", "when: {}")
                .replace("lot: {type: text}", "lot: {type: text, role: ignored}"));
    assertThat(entry(folder.resolve("npz/train.npz"), "lot.npy"))
        .contains("'descr': '<U6'", "'shape': (3,)")
        .endsWith("A, \"1\"" + "\0".repeat(6) + "轴承\0\0\0\0");
    assertThat(((NumberColumn) npz.column("x").orElseThrow()).toArray())
        .containsExactly(0.1, Double.NaN, 1e300);
    assertThat(((NumberColumn) npz.column("when").orElseThrow()).toArray())
        .containsExactly(1769860800, Double.NaN, -1);

    assertThat(export(dataset).to(folder.resolve("parquet"), ExportFormat.PARQUET))
        .containsExactly("train-00000.parquet", "train-00001.parquet", "test-00000.parquet");
    assertThatThrownBy(() -> export(dataset).to(folder.resolve("csv"), ExportFormat.CSV))
        .isInstanceOf(ZoneException.class)
        .hasMessageContaining("something is there");
    try (var left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  /** An array's header, and its texts with the padding that they have. */
  private static String entry(Path zip, String name) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      byte[] bytes = file.getInputStream(file.getEntry(name)).readAllBytes();
      int data = 10 + (bytes[8] & 0xff) + ((bytes[9] & 0xff) << 8);
      assertThat(data % 64).isZero();
      return new String(bytes, 0, data, StandardCharsets.ISO_8859_1)
          + new String(bytes, data, bytes.length - data, Charset.forName("UTF-32LE"));
    }
  }

  private static final String OPEN =
      """
      name: chip/test
      title: t
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns: {at: {}, 'force*': {}}
      licence: l
      citation: c
      """;

  /** A version whose files are as they were when each had columns of its own. */
  private RegisteredDataset fedApart(List<List<String>> columns) {
    RegisteredDataset dataset =
        new Registry(Storage.local(folder.resolve("registry")))
            .create(DatasetName.parse("chip/test"), OPEN, "ada", Clock.systemUTC().instant());
    for (List<String> names : columns) {
      Origins.Builder origins = new Origins.Builder();
      origins.begin(new Origins.Source("a.csv", Origins.Kind.LINE, Optional.empty(), List.of()));
      origins.add(1);
      Map<String, Column> each = new LinkedHashMap<>();
      names.forEach(name -> each.put(name, NumberColumn.of(1, row -> name.hashCode())));
      Table table = new Table(each, origins.build());
      FeedWriter writer = dataset.begin(Clock.systemUTC().instant());
      Part part =
          writer.part(
              0,
              1,
              Optional.empty(),
              "parquet",
              out -> ParquetTables.write(table, Set.of(), row -> true, out));
      writer.end(new FedFile("a.csv", part.sha256(), 1, 0), List.of(part));
      dataset.commit(writer, "ada", Clock.systemUTC().instant());
    }
    return dataset;
  }

  @Test
  void writesColumnsOfPatternsByTheirNames() throws IOException {
    RegisteredDataset dataset =
        fedApart(List.of(List.of("at", "force1", "force2"), List.of("force2", "at", "force1")));
    export(dataset).to(folder.resolve("csv"), ExportFormat.CSV);
    String row = "%d,%d,%d".formatted("at".hashCode(), "force1".hashCode(), "force2".hashCode());
    assertThat(Files.readAllLines(folder.resolve("csv/data.csv")))
        .containsExactly("at,force1,force2", row, row);
    export(dataset).to(folder.resolve("npz"), ExportFormat.NPZ);
    Table npz =
        read(
            OPEN.replaceAll("source:.*", "source: {format: numpy, files: [{path: npz/data.npz}]}"));
    for (String name : List.of("at", "force1", "force2")) {
      assertThat(((NumberColumn) npz.column(name).orElseThrow()).toArray())
          .containsExactly(name.hashCode(), name.hashCode());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ExportFormat.class,
      names = {"CSV", "NPZ"})
  void refusesToPutFilesOfDifferentColumnsTogether(ExportFormat format) throws IOException {
    RegisteredDataset dataset =
        fedApart(List.of(List.of("at", "force1", "force2"), List.of("at", "force1", "force3")));
    List<Part> parts = dataset.newest().orElseThrow().parts();
    assertThatThrownBy(() -> export(dataset).to(folder.resolve("out"), format))
        .isInstanceOf(ZoneException.class)
        .hasMessage(
            "Cannot export chip/test@2 as %s: not all of its files have the columns force2, force3 (expected the same in %s and %s; --format parquet takes the files as they are)",
            format.name().toLowerCase(Locale.ROOT), parts.get(0).path(), parts.get(1).path());
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(export(dataset).to(folder.resolve("out"), ExportFormat.PARQUET)).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(ExportFormat.class)
  void saysWhatIsWrongWithADamagedVersion(ExportFormat format) throws IOException {
    RegisteredDataset dataset = fedApart(List.of(List.of("at", "force1")));
    Part part = dataset.newest().orElseThrow().parts().get(0);
    String place = dataset.folder().place(part.path());
    Path file = Path.of(place);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> export(dataset).to(folder.resolve("out"), format))
        .isInstanceOf(ZoneException.class)
        .hasMessage(
            format == ExportFormat.PARQUET
                ? "Cannot export to %s (%s: it was changed since it was written)"
                    .formatted(folder.resolve("out"), place)
                : "Cannot export chip/test@1, which is damaged: Cannot use %s: it was changed (expected %d bytes with SHA-256 %s)"
                    .formatted(place, part.bytes(), part.sha256()));
    Files.delete(file);
    assertThatThrownBy(() -> export(dataset).to(folder.resolve("out"), format))
        .isInstanceOf(ZoneException.class)
        .hasMessage(
            format == ExportFormat.PARQUET
                ? "Cannot export to %s (%s: it is not there any more)"
                    .formatted(folder.resolve("out"), place)
                : "Cannot export chip/test@1, which is damaged: Cannot find %s (expected a file of %d bytes)"
                    .formatted(place, part.bytes()));
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void writesRemainingLivesThatFollowFromAllFiles() throws IOException {
    String yaml =
        """
        name: chip/test
        title: t
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns:
          unit: {role: group}
          cycle: {}
          left: {role: label, remainingLife: {group: unit, time: cycle}}
        licence: l
        citation: c
        """;
    Files.writeString(folder.resolve("a.csv"), "unit,cycle\n1,1\n2,1\n");
    Files.writeString(folder.resolve("b.csv"), "unit,cycle\n1,2\n1,3\n");
    RegisteredDataset dataset = fed(yaml, "a.csv", "b.csv");
    export(dataset).to(folder.resolve("csv"), ExportFormat.CSV);
    assertThat(Files.readAllLines(folder.resolve("csv/data.csv")))
        .containsExactly("unit,cycle,left", "1,1,2", "2,1,0", "1,2,1", "1,3,0");
    export(dataset).to(folder.resolve("npz"), ExportFormat.NPZ);
    Table npz =
        read(
            yaml.replaceAll("source:.*", "source: {format: numpy, files: [{path: npz/data.npz}]}")
                .replaceAll("left: .*", "left: {}"));
    assertThat(((NumberColumn) npz.column("left").orElseThrow()).toArray())
        .containsExactly(2, 0, 1, 0);
  }

  @Test
  void writesArraysAsTheyLie() throws IOException {
    String yaml =
        """
        name: chip/test
        title: t
        source: {format: jsonLines, files: [{path: '*.jsonl'}]}
        columns: {map: {type: tensor, shape: [2, 1], missing: false}, x: {}}
        licence: l
        citation: c
        """;
    Files.writeString(
        folder.resolve("a.jsonl"),
        "{\"map\": [0, 0.5], \"x\": 1}\n{\"map\": [[1], [2]], \"x\": 2}\n");
    RegisteredDataset dataset = fed(yaml, "a.jsonl");
    assertThatThrownBy(() -> export(dataset).to(folder.resolve("out"), ExportFormat.CSV))
        .isInstanceOf(ZoneException.class)
        .hasMessage(
            "Cannot export chip/test as csv: it has arrays (expected --format npz or parquet)");
    export(dataset).to(folder.resolve("out"), ExportFormat.NPZ);
    Table table =
        read(
            yaml.replaceAll("source:.*", "source: {format: numpy, files: [{path: out/data.npz}]}"));
    float[] row = new float[2];
    ((TensorColumn) table.column("map").orElseThrow()).read(0, row);
    assertThat(row).containsExactly(0, 0.5f);
  }
}
