package dev.zone.datasets.format;

import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.ColumnSpec.Type;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.parquet.ParquetTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ParquetRowsTest {
  private static final String ROWS =
      """
      x,exact,when,lot,kind
      0.1,2.5,2026-11-28T10:00:00.123456Z,A-7,0
      NaN,-3,1969-12-31T23:59:59Z,,1
      1e300,16777216,2026-11-28,B,0
      """;

  @TempDir private Path folder;

  private static DatasetBuilder columns() {
    return new DatasetBuilder()
        .number("x")
        .number("exact")
        .column("when", DatasetBuilder.column(Type.TIMESTAMP, Role.TIME))
        .column("lot", Type.TEXT, Role.GROUP);
  }

  private static DatasetSpec text() {
    return columns().label("kind", "0", "good", "1", "bad").build();
  }

  /** As a version has them: classes by name. */
  private static DatasetSpec parquet() {
    return columns()
        .label("kind", "good", "good", "bad", "bad")
        .source(new SourceSpec.Parquet(List.of(file("data.parquet", Split.TEST))))
        .build();
  }

  private Optional<Table> read(DatasetSpec dataset, Problems problems) {
    return TableReader.read(dataset, folder, Limits.DEFAULT, problems);
  }

  private Table read(DatasetSpec dataset) {
    Problems problems = new Problems();
    Optional<Table> table = read(dataset, problems);
    assertThat(problems.list()).isEmpty();
    return table.orElseThrow();
  }

  private List<String> faults(DatasetSpec dataset) {
    Problems problems = new Problems();
    assertThat(read(dataset, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private byte[] write(Table table, IntPredicate wanted) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ParquetTables.write(table, Set.of("when"), wanted, out);
    Files.write(folder.resolve("data.parquet"), out.toByteArray());
    return out.toByteArray();
  }

  private static double[] numbers(Table table, String name) {
    NumberColumn column = (NumberColumn) table.column(name).orElseThrow();
    double[] values = new double[column.size()];
    Arrays.setAll(values, column::value);
    return values;
  }

  private static List<String> texts(Table table, String name) {
    CodedColumn column = (CodedColumn) table.column(name).orElseThrow();
    return java.util.stream.IntStream.range(0, column.size())
        .mapToObj(row -> column.code(row) < 0 ? "-" : column.values().get(column.code(row)))
        .toList();
  }

  @Test
  void writesWhatIsASetInOneOrderWhicheverProcessItIs() throws IOException {
    Files.writeString(folder.resolve("data.csv"), ROWS);
    byte[] bytes = write(read(text()), row -> true);
    int end = bytes.length - 8;
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    FileMetaData footer =
        Util.readFileMetaData(new ByteArrayInputStream(bytes, end - length, length));
    for (ColumnChunk column : footer.getRow_groups().get(0).getColumns()) {
      assertThat(column.getMeta_data().getEncodings())
          .hasSize(3)
          .isSortedAccordingTo(Comparator.comparingInt(Encoding::getValue));
    }
  }

  @Test
  void givesBackWhatWasWritten() throws IOException {
    Files.writeString(folder.resolve("data.csv"), ROWS);
    Table before = read(text());
    byte[] bytes = write(before, row -> true);
    assertThat(write(before, row -> true)).isEqualTo(bytes);

    Table after = read(parquet());
    for (String name : List.of("x", "exact", "when")) {
      assertThat(numbers(after, name)).as(name).isEqualTo(numbers(before, name));
    }
    assertThat(texts(after, "lot")).containsExactly("A-7", "-", "B");
    assertThat(texts(after, "kind")).containsExactly("good", "bad", "good");
    assertThat(after.origins().text(2)).isEqualTo("data.parquet[2]");
    assertThat(after.origins().givenSplit(2)).contains(Split.TEST);

    write(before, row -> row != 1);
    assertThat(numbers(read(parquet()), "x")).containsExactly(0.1, 1e300);
  }

  @Test
  void keepsArraysOfBytesAndOfFloats() throws IOException {
    for (String type : List.of("|u1", "<f4")) {
      byte[] values = {0, 1, 2, (byte) 200, 1, 0};
      float[] floats = {0.5f, -1, 2, 3, 4, Float.MIN_VALUE};
      byte[] array =
          type.equals("|u1")
              ? DataFiles.npy(type, "(2, 1, 3)", values)
              : DataFiles.npy(type, "(2, 1, 3)", DataFiles.floats(floats));
      DataFiles.bytes(folder.resolve("m.npz"), new byte[0]);
      DataFiles.zip(folder.resolve("m.npz"), true, "maps.npy", array);
      DatasetBuilder maps = new DatasetBuilder().tensor("maps", 1, 3);
      Table before = read(maps.source(new SourceSpec.Numpy(List.of(file("m.npz")))).build());
      write(before, row -> true);
      Table after =
          read(maps.source(new SourceSpec.Parquet(List.of(file("data.parquet")))).build());
      TensorColumn there = (TensorColumn) after.column("maps").orElseThrow();
      assertThat(there.isBytes()).isEqualTo(type.equals("|u1"));
      float[] row = new float[3];
      there.read(1, row);
      assertThat(row)
          .isEqualTo(
              type.equals("|u1") ? new float[] {200, 1, 0} : new float[] {3, 4, Float.MIN_VALUE});
    }
    assertThat(
            faults(
                new DatasetBuilder()
                    .tensor("maps", 2, 2)
                    .source(new SourceSpec.Parquet(List.of(file("data.parquet"))))
                    .build()))
        .containsExactly(
            "data.parquet[0]: Cannot use column 'maps': 12 bytes (expected 4, or floats of four each)",
            "data.parquet[1]: Cannot use column 'maps': 12 bytes (expected 4, or floats of four each)");
  }

  @Test
  void tellsWhatIsNoTableAndWhatColumnsAreNotThere() throws IOException {
    Files.writeString(folder.resolve("data.parquet"), "x,exact\n1,2\n");
    assertThat(faults(parquet()))
        .containsExactly("data.parquet: Cannot read Parquet: it is not a Parquet file");
    Files.writeString(folder.resolve("data.csv"), ROWS);
    write(read(text()), row -> true);
    DatasetSpec more =
        columns()
            .number("torque")
            .source(new SourceSpec.Parquet(List.of(file("data.parquet"))))
            .build();
    assertThat(faults(more))
        .singleElement()
        .asString()
        .startsWith("data.parquet: Cannot find column 'torque' (expected it among x, exact,");
  }

  @Test
  void prefersADescriptorsValueToTheFilesColumn() throws IOException {
    Files.writeString(folder.resolve("data.csv"), ROWS);
    write(read(text()), row -> true);
    FileSpec constant =
        new FileSpec(
            "data.parquet",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("lot", "C"),
            Optional.empty());
    Table table = read(columns().source(new SourceSpec.Parquet(List.of(constant))).build());
    assertThat(texts(table, "lot")).containsExactly("C", "C", "C");
  }

  @ParameterizedTest
  @EnumSource(names = {"ZSTD", "GZIP", "SNAPPY", "UNCOMPRESSED"})
  void readsWhatOthersWriteWithTheUsualCodecs(CompressionCodecName codec) throws IOException {
    Path file = Files.createDirectories(folder.resolve("others")).resolve("data.parquet");
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message m { required int64 x; optional double exact; required boolean flag; }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .withCompressionCodec(codec)
            .build()) {
      for (int row = 0; row < 1000; row++) {
        Group group = new SimpleGroup(type).append("x", (long) row).append("flag", row % 2 == 0);
        writer.write(row % 3 == 0 ? group : group.append("exact", row / 2.0));
      }
    }
    Files.move(file, folder.resolve("data.parquet"));
    Table table =
        read(
            new DatasetBuilder()
                .number("x")
                .number("exact")
                .number("flag")
                .source(new SourceSpec.Parquet(List.of(file("data.parquet"))))
                .build());
    assertThat(numbers(table, "x")[999]).isEqualTo(999);
    assertThat(numbers(table, "exact")[998]).isEqualTo(499);
    assertThat(numbers(table, "exact")[999]).isNaN();
    assertThat(numbers(table, "flag")).startsWith(1, 0, 1);
  }

  @Test
  void tellsACodecThatIsNotHere() throws IOException {
    Files.writeString(folder.resolve("data.csv"), ROWS);
    byte[] whole = write(read(text()), row -> true);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < whole.length; i++) {
      // In Thrift's compact form the codecs ZSTD and LZ4_RAW of a column are these bytes.
      if (whole[i] == 12) {
        byte[] other = whole.clone();
        other[i] = 14;
        Files.write(folder.resolve("data.parquet"), other);
        Problems problems = new Problems();
        read(parquet(), problems);
        problems.list().forEach(problem -> told.add(problem.toString()));
      }
    }
    assertThat(told)
        .contains(
            "data.parquet: Cannot read Parquet: a codec that is not here (expected ZSTD, GZIP or SNAPPY)");
  }

  @Test
  void endsInRowsOrInWordsWhateverTheBytes() throws IOException {
    Files.writeString(folder.resolve("data.csv"), ROWS);
    byte[] whole = write(read(text()), row -> true);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      if (i % 3 == 0) {
        damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
      }
      for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(folder.resolve("data.parquet"), damaged);
      Problems problems = new Problems();
      Optional<Table> table = read(parquet(), problems);
      assertThat(table.isPresent()).as("%s", problems.list()).isEqualTo(problems.isEmpty());
    }
  }
}
