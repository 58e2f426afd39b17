package dev.zone.datasets.format;

import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumpyReaderTest {
  private static final byte[] MAPS = {0, 1, 2, 2, 1, 0};

  @TempDir Path folder;

  private static DatasetSpec wafers(FileSpec... files) {
    return new DatasetBuilder()
        .tensor("maps", 1, 3)
        .label("labels", "0", "none", "7", "random")
        .source(new SourceSpec.Numpy(List.of(files)))
        .build();
  }

  private Table read(DatasetSpec dataset) {
    Problems problems = new Problems();
    Optional<Table> table = TableReader.read(dataset, folder, Limits.DEFAULT, problems);
    assertThat(problems.list()).isEmpty();
    return table.orElseThrow();
  }

  private List<String> faults(DatasetSpec dataset) {
    Problems problems = new Problems();
    assertThat(TableReader.read(dataset, folder, Limits.DEFAULT, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private void npz(byte[] maps, byte[] labels, boolean stored) {
    DataFiles.zip(folder.resolve("w.npz"), stored, "maps.npy", maps, "labels.npy", labels);
  }

  private static byte[] maps() {
    return DataFiles.npy("|u1", "(2, 1, 3)", MAPS);
  }

  private static byte[] labels() {
    return DataFiles.npy("<i8", "(2,)", DataFiles.longs(0, 7));
  }

  private static void checkWafers(Table table) {
    float[] row = new float[3];
    ((TensorColumn) table.column("maps").orElseThrow()).read(1, row);
    assertThat(row).containsExactly(2, 1, 0);
    CodedColumn labels = (CodedColumn) table.column("labels").orElseThrow();
    assertThat(labels.values().get(labels.code(1))).isEqualTo("random");
  }

  @Test
  void readsStoredAndDeflatedArchives() {
    for (boolean stored : new boolean[] {true, false}) {
      npz(maps(), labels(), stored);
      Table table = read(wafers(file("w.npz", Split.TEST)));
      checkWafers(table);
      assertThat(table.origins().text(1)).isEqualTo("w.npz[1]");
      assertThat(table.origins().givenSplit(0)).contains(Split.TEST);
    }
  }

  @Test
  void joinsSingleArraysOfOneSplit() {
    DataFiles.bytes(folder.resolve("m.npy"), maps());
    DataFiles.bytes(folder.resolve("l.npy"), labels());
    Table table =
        read(
            wafers(
                column("m.npy", "maps"),
                column("l.npy", "labels"),
                column("m.npy", "maps"),
                column("l.npy", "labels")));
    assertThat(table.rows()).isEqualTo(4);
    checkWafers(table);
  }

  @Test
  void givesTheSameRowsInPieces() {
    int rows = 1400;
    byte[] maps = new byte[rows * 64 * 64];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = (byte) (i * 31L / 7);
    }
    float[] pairs = new float[2 * rows];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = i;
    }
    DataFiles.bytes(
        folder.resolve("m.npy"), DataFiles.npy("|u1", "(%d, 64, 64)".formatted(rows), maps));
    DataFiles.bytes(
        folder.resolve("p.npy"),
        DataFiles.npy("<f4", "(%d, 2)".formatted(rows), DataFiles.floats(pairs)));
    DataFiles.zip(
        folder.resolve("w.npz"),
        false,
        "maps.npy",
        DataFiles.npy("|u1", "(%d, 64, 64)".formatted(rows), maps),
        "p.npy",
        DataFiles.npy("<f4", "(%d, 2)".formatted(rows), DataFiles.floats(pairs)));
    for (String files :
        List.of(
            "{path: w.npz, values: {lot: A}}",
            "{path: m.npy, values: {column: maps, lot: A}}, {path: p.npy, values: {column: p, lot: A}}")) {
      Admitted admitted = Admitted.of(pieces(files, "range: [0, 2790]"), folder, Limits.DEFAULT);
      assertThat(admitted.problems).isEmpty();
      assertThat(admitted.pieces()).isEqualTo(2);
      assertThat(admitted.bad).hasSize(5);
      assertThat(admitted.bad.get(0))
          .endsWith("[1395]  Cannot use column 'b': 2791 (expected 0 to 2790)");
      Table whole = read(pieces(files, ""));
      assertThat(whole.rows()).isEqualTo(rows);
      List<String> right =
          IntStream.range(0, 1395).mapToObj(row -> Admitted.row(whole, row)).toList();
      // Without the rows' text, of which there is much.
      assertThat(admitted.good.equals(right)).isTrue();
    }
  }

  private static DatasetSpec pieces(String files, String range) {
    return Admitted.descriptor(
        "{format: numpy, columns: {p: [a, b]}, files: [%s]}".formatted(files),
        "maps: {type: tensor, shape: [64, 64]}, a: {}, b: {%s}, at: {rowNumber: true}, lot: {type: text}"
            .formatted(range));
  }

  private static FileSpec column(String path, String column) {
    return new FileSpec(
        path,
        Optional.of(Split.TRAIN),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of("column", column),
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"|i1,1", "|b1,1", "<i2,2", "<i4,4", "<i8,8", "<f4,4", "<f8,8", "|u1,1"})
  void readsEveryType(String type, int width) {
    ByteBuffer data = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case "<f4" -> data.putFloat(1);
      case "<f8" -> data.putDouble(1);
      default -> data.put(0, (byte) 1);
    }
    DataFiles.bytes(folder.resolve("x.npy"), DataFiles.npy(type, "(1,)", data.array()));
    Table table =
        read(
            new DatasetBuilder()
                .number("x")
                .source(new SourceSpec.Numpy(List.of(column("x.npy", "x"))))
                .build());
    assertThat(((NumberColumn) table.column("x").orElseThrow()).value(0)).isEqualTo(1);
  }

  @Test
  void refusesWhatItCannotRead() {
    check(
        DataFiles.npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 1, 3), }", MAPS),
        "Cannot read NumPy array in Fortran order (expected C order: numpy.ascontiguousarray)");
    check(
        DataFiles.npy(">i8", "(2, 1, 3)", new byte[48]),
        "Cannot read NumPy array of type '>i8' (expected u1, i1, i2, i4, i8, f4, f8 or b1, little endian)");
    check(
        DataFiles.npy("|O", "(2, 1, 3)", new byte[48]),
        "Cannot read NumPy array of type '|O' (expected u1, i1, i2, i4, i8, f4, f8 or b1, little endian)");
    check(
        DataFiles.npy("|u1", "(2, 3)", MAPS),
        "Cannot use column 'maps': rows of shape [3] (expected [1, 3])");
    check(
        DataFiles.npy("|u1", "(999999999, 1, 3)", MAPS),
        "Cannot join column 'maps': 999999999 rows (expected 2 as in the columns before)");
    check(
        DataFiles.npy("<f8", "(999999999, 999999999, 999999999)", MAPS),
        "Cannot read NumPy array: shape [999999999, 999999999, 999999999] (expected one that fits memory)");
    check(
        DataFiles.npy("|u1", "(2, 1, 12345678901)", MAPS),
        "Cannot read NumPy array: shape (2, 1, 12345678901) (expected at most 8 dimensions below 10^9)");
    check(
        "junkjunkjunk".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "Cannot read NumPy array: no NumPy header (expected npy)");
    check(new byte[0], "Cannot read file: a NumPy array without header (expected a complete file)");
  }

  private void check(byte[] maps, String message) {
    npz(maps, labels(), false);
    // Labels come first in the archive's order, so the maps are held against their rows.
    assertThat(faults(wafers(file("w.npz")))).containsExactly("w.npz: " + message);
  }

  @Test
  void refusesTruncatedArraysBeforeGivingMemory() {
    npz(DataFiles.npy("|u1", "(2, 1, 3)", new byte[5]), labels(), true);
    assertThat(faults(wafers(file("w.npz"))))
        .singleElement()
        .asString()
        .startsWith("w.npz: Cannot read file: ")
        .endsWith("(expected a complete file)");
    DataFiles.bytes(
        folder.resolve("m.npy"), DataFiles.npy("|u1", "(900000000, 1, 3)", new byte[5]));
    assertThat(
            faults(
                new DatasetBuilder()
                    .tensor("maps", 1, 3)
                    .source(new SourceSpec.Numpy(List.of(column("m.npy", "maps"))))
                    .build()))
        .singleElement()
        .asString()
        .startsWith(
            "m.npy: Cannot read file: array of shape [900000000, 1, 3] needs 2700000000 bytes, there are ");
  }

  @Test
  void refusesATruncatedArchive() throws IOException {
    npz(maps(), labels(), false);
    byte[] whole = Files.readAllBytes(folder.resolve("w.npz"));
    Files.write(folder.resolve("w.npz"), Arrays.copyOf(whole, whole.length / 2));
    assertThat(faults(wafers(file("w.npz"))))
        .singleElement()
        .asString()
        .startsWith("w.npz: Cannot read zip: ");
  }

  @Test
  void refusesNaNLabelsAndValuesOutOfRange() {
    npz(maps(), DataFiles.npy("<f8", "(2,)", DataFiles.doubles(0, Double.NaN)), false);
    assertThat(faults(wafers(file("w.npz"))))
        .containsExactly("w.npz[1]: Cannot use label 'labels': it is missing");
    npz(maps(), DataFiles.npy("<f8", "(2,)", DataFiles.doubles(0.5, 7)), false);
    assertThat(faults(wafers(file("w.npz"))))
        .containsExactly(
            "w.npz[0]: Cannot use column 'labels': '0.5' is none of the classes (expected 0, 7)");
  }

  @Test
  void saysWhichEntryIsMissing() {
    DataFiles.zip(folder.resolve("w.npz"), false, "maps.npy", maps(), "label.npy", labels());
    assertThat(faults(wafers(file("w.npz"))))
        .containsExactly(
            "w.npz: Cannot find column 'labels', did you mean 'label'? (expected it among label, maps)");
  }

  @Test
  void saysThatAnArrayNeedsAColumn() {
    DataFiles.bytes(folder.resolve("m.npy"), maps());
    assertThat(faults(wafers(file("m.npy"))))
        .contains("m.npy: Cannot tell the column of an npy file (expected values: {column: name})");
  }

  @Test
  void writesHeadersThatItReads() throws IOException {
    for (List<Integer> shape : List.of(List.of(3), List.of(3, 4), List.of(2, 1, 5))) {
      Npy npy = new Npy(Npy.Type.F4, shape);
      byte[] header = npy.header();
      assertThat(header.length % 64).isZero();
      assertThat(Npy.read(new ByteArrayInputStream(header))).isEqualTo(npy);
    }
    assertThat(
            new String(
                new Npy(Npy.Type.F4, List.of(3)).header(),
                java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }");
    assertThatThrownBy(() -> Npy.read(new ByteArrayInputStream(new byte[20])))
        .hasMessageContaining("no NumPy header");
  }
}
