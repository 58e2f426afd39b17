package dev.zone.datasets.format;

import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.ColumnSpec.Type;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.MatFiles;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TarFiles;
import dev.zone.datasets.TensorColumn;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatlabReaderTest {
  /**
   * By another writer, SciPy's savemat, packed: X105_DE_time [3, 1] of double, X105RPM [1, 1] of
   * uint16, maps [3, 2, 2] of uint8, ok [1, 3] of logical, note of char, s a struct, c complex.
   */
  private static final String BY_SCIPY =
      "U2NpUHkgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
          + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
          + "ICAAAAAAAAAAAAABSU0PAAAAPAAAAHic42NgYIgAYjYg5oDSIMAK5TMDMSMU84DUGhqYxru4xpdk"
          + "5qaC1HECsQQDDDywh9Bf9kNoDgcA/dkHuA8AAAAtAAAAeJzjY2BgsABiNiDmAGJuBghghfIZkTA7"
          + "EEcYGpgGBfgysDAwMbACBQAw9wJmDwAAADsAAAB4nONjYGDwAGI2IOYAYk4GCGAFYh4gZgZiJigG"
          + "AUYGFobcxIJiJqg8AwsHExsXIysnMzs3iAsAVcsCjA8AAAArAAAAeJzjY2BgMABiNiDmAGJOJgYw"
          + "YIXyGYGYGUwzMeRnMwBJZiCbkQEAHTMBTQ8AAAAqAAAAeJzjY2BgMABiNiDmAGIWBghghfIZoWKM"
          + "QDIvvyRVAEiXpFaUAAApVQP3DwAAADgAAAB4nONjYGCoAGI2IOYAYiYGCGCF8hnhmJGhGCzOAlbD"
          + "CCQTgTQfEFsg6efDqR8CeJDEQQAArMoCEQ8AAAArAAAAeJzjY2Bg8ABiNiDmANEgAghYoXxGOGZk"
          + "SAbSnFBxCPhgj8pncAAASuUCeA==";

  @TempDir private Path folder;

  private static FileSpec bearing(String path, String fault) {
    return new FileSpec(
        path,
        Optional.empty(),
        Optional.empty(),
        Optional.of("(?<recording>[0-9]+)\\.mat"),
        Optional.empty(),
        Map.of("fault", fault),
        Optional.empty());
  }

  private static DatasetSpec bearings(FileSpec... files) {
    return new DatasetBuilder()
        .number("vibration")
        .column("sample", DatasetBuilder.rowNumber())
        .column("recording", Type.TEXT, Role.GROUP)
        .label("fault", "N", "normal", "B", "ball")
        .source(new SourceSpec.Matlab(List.of(files), Map.of("vibration", "*_DE_time")))
        .build();
  }

  private static DatasetSpec plain(DatasetBuilder columns) {
    return columns.source(new SourceSpec.Matlab(List.of(file("a.mat")), Map.of())).build();
  }

  private Table read(DatasetSpec dataset) {
    Problems problems = new Problems();
    Optional<Table> table = TableReader.read(dataset, folder, Limits.DEFAULT, problems);
    assertThat(problems.list()).isEmpty();
    return table.orElseThrow();
  }

  private List<String> faults(DatasetSpec dataset, Limits limits) {
    Problems problems = new Problems();
    assertThat(TableReader.read(dataset, folder, limits, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private List<String> faults(DatasetSpec dataset) {
    return faults(dataset, Limits.DEFAULT);
  }

  private static double[] numbers(Table table, String name) {
    NumberColumn column = (NumberColumn) table.column(name).orElseThrow();
    double[] values = new double[column.size()];
    Arrays.setAll(values, column::value);
    return values;
  }

  private static String text(Table table, String column, int row) {
    CodedColumn coded = (CodedColumn) table.column(column).orElseThrow();
    return coded.values().get(coded.code(row));
  }

  private static float[] tensor(Table table, String name, int row) {
    TensorColumn column = (TensorColumn) table.column(name).orElseThrow();
    float[] values = new float[column.elements()];
    column.read(row, values);
    return values;
  }

  private void write(String name, MatFiles mat) {
    DataFiles.bytes(folder.resolve(name), mat.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "LITTLE_ENDIAN, false",
    "LITTLE_ENDIAN, true",
    "BIG_ENDIAN, false",
    "BIG_ENDIAN, true"
  })
  void readsASeriesARowASample(String order, boolean packed) {
    ByteOrder bytes = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    write(
        "97.mat",
        new MatFiles(bytes)
            .doubles("X097_FE_time", packed, new int[] {2, 1}, 8, 9)
            .doubles("X097_DE_time", packed, new int[] {3, 1}, 0.5, -1.25, 1e-9));
    write("118.mat", new MatFiles(bytes).doubles("X118_DE_time", packed, new int[] {1, 2}, 7, 6));
    Table table = read(bearings(bearing("97.mat", "N"), bearing("118.mat", "B")));
    assertThat(numbers(table, "vibration")).containsExactly(0.5, -1.25, 1e-9, 7, 6);
    assertThat(numbers(table, "sample")).containsExactly(1, 2, 3, 1, 2);
    assertThat(text(table, "recording", 0)).isEqualTo("97");
    assertThat(text(table, "fault", 4)).isEqualTo("ball");
    assertThat(table.origins().text(4)).isEqualTo("118.mat[1]");
  }

  @Test
  void readsWhatAnotherProgramWrote() {
    DataFiles.bytes(folder.resolve("a.mat"), Base64.getDecoder().decode(BY_SCIPY));
    Table table =
        read(plain(new DatasetBuilder().number("X105_DE_time").tensor("maps", 2, 2).number("ok")));
    assertThat(numbers(table, "X105_DE_time")).containsExactly(0.5, -1.25, 3);
    assertThat(numbers(table, "ok")).containsExactly(1, 0, 1);
    assertThat(tensor(table, "maps", 0)).containsExactly(0, 1, 2, 3);
    assertThat(tensor(table, "maps", 2)).containsExactly(8, 9, 10, 11);
    assertThat(((TensorColumn) table.column("maps").orElseThrow()).isBytes()).isTrue();
    assertThat(faults(plain(new DatasetBuilder().number("note"))))
        .containsExactly(
            "a.mat: Cannot use column 'note': variable 'note' holds no plain numbers (expected real numbers, not sparse, or true and false)");
    assertThat(faults(plain(new DatasetBuilder().number("c"))))
        .singleElement()
        .asString()
        .contains("holds no plain numbers");
    assertThat(faults(plain(new DatasetBuilder().number("s"))))
        .singleElement()
        .asString()
        .contains("holds no plain numbers");
    assertThat(faults(plain(new DatasetBuilder().number("maps"))))
        .containsExactly(
            "a.mat: Cannot use column 'maps': an array of shape [3, 2, 2] (expected a vector; an array's column has the type tensor)");
    assertThat(faults(plain(new DatasetBuilder().number("ok").tensor("maps", 4))))
        .containsExactly("a.mat: Cannot use column 'maps': rows of shape [2, 2] (expected [4])");
    assertThat(faults(plain(new DatasetBuilder().number("ok").number("X105RPM"))))
        .containsExactly(
            "a.mat: Cannot join column 'ok': 3 rows (expected 1 as in the columns before)");
  }

  @Test
  void readsNumbersOfEveryType() {
    byte[][] data = {
      {(byte) 254},
      {(byte) 254},
      {(byte) 254, 1},
      {(byte) 254, (byte) 255},
      {0, 0, 0, (byte) 128},
      {0, 0, 0, (byte) 128},
      DataFiles.floats(0.5f),
      DataFiles.doubles(0.1),
      DataFiles.longs(-3),
      DataFiles.longs(-2048)
    };
    int[] types = {1, 2, 3, 4, 5, 6, 7, 9, 12, 13};
    double[] expected = {
      -2, 254, 510, 65534, -2147483648.0, 2147483648.0, 0.5, 0.1, -3, 0x1p64 - 2048
    };
    for (int i = 0; i < types.length; i++) {
      MatFiles mat = new MatFiles(ByteOrder.LITTLE_ENDIAN);
      mat.add(i % 2 == 0, mat.variable("x", 6, new int[] {1, 1}, types[i], data[i]));
      write("a.mat", mat);
      assertThat(numbers(read(plain(new DatasetBuilder().number("x"))), "x"))
          .as("type %d", types[i])
          .containsExactly(expected[i]);
    }
  }

  @Test
  void tellsWhichVariablesThereAre() {
    write(
        "97.mat",
        new MatFiles(ByteOrder.LITTLE_ENDIAN)
            .doubles("X097_DE_time", false, new int[] {1, 1}, 1)
            .doubles("X098_DE_time", false, new int[] {1, 1}, 1));
    write(
        "118.mat", new MatFiles(ByteOrder.LITTLE_ENDIAN).doubles("y", false, new int[] {1, 1}, 1));
    assertThat(faults(bearings(bearing("97.mat", "N"), bearing("118.mat", "B"))))
        .containsExactly(
            "97.mat: Cannot find one variable '*_DE_time' for column 'vibration': there are X097_DE_time, X098_DE_time (expected one among X097_DE_time, X098_DE_time)",
            "118.mat: Cannot find one variable '*_DE_time' for column 'vibration': there are none (expected one among y)");
  }

  @Test
  void refusesFilesThatAreNone() {
    DataFiles.text(folder.resolve("a.mat"), "x".repeat(300));
    DatasetSpec dataset = plain(new DatasetBuilder().number("x"));
    assertThat(faults(dataset))
        .containsExactly(
            "a.mat: Cannot read MATLAB file: no header of version 5 (expected what save -v6 or -v7 writes)");
    byte[] newer = new MatFiles(ByteOrder.LITTLE_ENDIAN).bytes();
    newer[125] = 2;
    DataFiles.bytes(folder.resolve("a.mat"), newer);
    assertThat(faults(dataset))
        .containsExactly(
            "a.mat: Cannot read MATLAB file: version 7.3, which is HDF5 (expected version 7: in MATLAB, x = load('old.mat'); save('new.mat', '-struct', 'x', '-v7'))");
  }

  @Test
  void readsFilesThatArePackedOrInArchives() {
    byte[] one =
        new MatFiles(ByteOrder.LITTLE_ENDIAN).doubles("x", true, new int[] {2, 1}, 1, 2).bytes();
    byte[] two =
        new MatFiles(ByteOrder.BIG_ENDIAN).doubles("x", false, new int[] {1, 1}, 3).bytes();
    DataFiles.zip(folder.resolve("a.zip"), false, "in/1.mat", one, "in/2.mat", two);
    DataFiles.bytes(folder.resolve("a.tar"), TarFiles.tar("1.mat", one, "2.mat", two));
    DataFiles.bytes(folder.resolve("1.mat.gz"), TarFiles.gzip(one));
    for (String name : List.of("a.zip", "a.tar")) {
      Table table = read(recordings(name));
      assertThat(numbers(table, "x")).containsExactly(1, 2, 3);
      assertThat(text(table, "recording", 2)).isEqualTo("2");
      assertThat(table.origins().text(1)).startsWith(name + "!/").endsWith("1.mat[1]");
    }
    assertThat(numbers(read(recordings("*.mat.gz")), "x")).containsExactly(1, 2);
    DataFiles.zip(
        folder.resolve("a.zip"), false, "1.mat", Arrays.copyOf(one, one.length - 3), "2.mat", two);
    assertThat(faults(recordings("a.zip")))
        .singleElement()
        .asString()
        .isEqualTo(
            "a.zip!/1.mat: Cannot read file: Unexpected end of ZLIB input stream (expected a complete file)");
  }

  private static DatasetSpec recordings(String path) {
    return Admitted.descriptor(
        "{format: matlab, files: [{path: '%s', name: '(?<recording>[0-9a])\\.mat'}]}"
            .formatted(path),
        "x: {}, recording: {type: text, role: group}");
  }

  @ParameterizedTest
  @CsvSource({"false, 33554432", "true, 65536"})
  void givesTheSameRowsInPieces(boolean packed, int bytes) {
    int rows = 1600;
    byte[] maps = new byte[rows * 64 * 64];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = (byte) (i * 31L / 7);
    }
    double[] numbers = IntStream.range(0, rows).mapToDouble(i -> i / 3.0).toArray();
    numbers[1090] = 2000;
    MatFiles mat = new MatFiles(ByteOrder.LITTLE_ENDIAN);
    mat.add(packed, mat.variable("maps", MatFiles.UINT8, new int[] {rows, 64, 64}, 2, maps));
    write("a.mat", mat.doubles("x", packed, new int[] {rows, 1}, numbers));
    DatasetSpec dataset =
        Admitted.descriptor(
            "{format: matlab, files: [{path: a.mat, values: {lot: A}}]}",
            "maps: {type: tensor, shape: [64, 64]}, x: {range: [0, 1000]}, at: {rowNumber: true}, lot: {type: text}");
    Admitted admitted = Admitted.of(dataset, folder, Admitted.pieces(bytes));
    assertThat(admitted.problems).isEmpty();
    assertThat(admitted.pieces()).isGreaterThan(1);
    assertThat(admitted.bad)
        .containsExactly("a.mat[1090]  Cannot use column 'x': 2000 (expected 0 to 1000)");
    numbers[1090] = 0;
    mat = new MatFiles(ByteOrder.LITTLE_ENDIAN);
    mat.add(packed, mat.variable("maps", MatFiles.UINT8, new int[] {rows, 64, 64}, 2, maps));
    write("a.mat", mat.doubles("x", packed, new int[] {rows, 1}, numbers));
    Table whole = read(dataset);
    List<String> all =
        IntStream.range(0, rows)
            .filter(row -> row != 1090)
            .mapToObj(row -> Admitted.row(whole, row))
            .toList();
    assertThat(admitted.good.equals(all)).isTrue();
    // The first axis changes fastest in the file.
    assertThat(tensor(whole, "maps", 5)[64 * 3 + 2])
        .isEqualTo(maps[(2 * 64 + 3) * rows + 5] & 0xff);
  }

  @Test
  void believesNoSize() {
    DatasetSpec dataset = plain(new DatasetBuilder().number("x"));
    MatFiles mat = new MatFiles(ByteOrder.LITTLE_ENDIAN);
    byte[] claims = mat.variable("x", 6, new int[] {1 << 30, 1}, 9, new byte[8]);
    write("a.mat", mat.add(false, claims));
    assertThat(faults(dataset))
        .containsExactly(
            "a.mat: Cannot read variable 'x': 8 bytes of DOUBLE (expected 1073741824 numbers for shape [1073741824, 1])");
    MatFiles huge = new MatFiles(ByteOrder.LITTLE_ENDIAN);
    write(
        "a.mat", huge.add(true, huge.variable("x", 6, new int[] {70_000, 70_000}, 9, new byte[8])));
    assertThat(faults(dataset))
        .containsExactly(
            "a.mat: Cannot read variable 'x': shape [70000, 70000] (expected one that fits memory)");
    byte[] whole =
        new MatFiles(ByteOrder.LITTLE_ENDIAN)
            .doubles("x", false, new int[] {9, 1}, new double[9])
            .bytes();
    DataFiles.bytes(folder.resolve("a.mat"), Arrays.copyOf(whole, whole.length - 20));
    assertThat(faults(dataset))
        .containsExactly(
            "a.mat: Cannot read file: a variable has 120 bytes, there are 100 (expected a complete file)");
  }

  @Test
  void refusesBombsAndBytesThatChanged() {
    DatasetSpec dataset = plain(new DatasetBuilder().number("x"));
    MatFiles mat = new MatFiles(ByteOrder.LITTLE_ENDIAN);
    write("a.mat", mat.doubles("x", true, new int[] {50_000, 1}, new double[50_000]));
    Limits small = new Limits(1 << 20, 1 << 20, 10, 50, 1000, 100, 10, 100, 1 << 20);
    assertThat(faults(dataset, small))
        .singleElement()
        .asString()
        .startsWith("a.mat: Cannot read MATLAB file: a variable unpacks to 400")
        .endsWith("times larger (expected at most 1048576 bytes, 50 times)");
    byte[] changed =
        new MatFiles(ByteOrder.LITTLE_ENDIAN)
            .doubles("x", true, new int[] {4, 1}, 0.1, 0.2, 0.3, 0.4)
            .bytes();
    changed[changed.length - 1] ^= 1;
    DataFiles.bytes(folder.resolve("a.mat"), changed);
    assertThat(faults(dataset))
        .containsExactly(
            "a.mat: Cannot read file: incorrect data check (expected a complete file)");
  }
}
