package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.Table;
import dev.zone.datasets.TarFiles;
import dev.zone.datasets.parquet.ParquetTables;
import dev.zone.datasets.storage.PlacedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packed as a whole is read as it is read unpacked, whatever it is. */
class PackedFilesTest {
  private static final List<String> ENDINGS = List.of("gz", "xz", "zst");
  private static final String NUMBERS = "a: {}, b: {}";
  private static final String IMAGES =
      "image: {type: tensor, shape: [2, 2, 3]}, state: {type: category, role: label, classes: {good: good, worn: worn}}";
  private static final String BY_FOLDER = "name: '(?<state>[a-z]+)/'";

  @TempDir Path folder;

  private static DatasetSpec descriptor(String format, String file, String more, String columns) {
    return Admitted.descriptor(
        "{format: %s, files: [{path: %s%s}]}".formatted(format, file, more), columns);
  }

  /** Rows of a file that is packed in every way are those of the file. */
  private void same(String name, byte[] plain, String format, String more, String columns)
      throws IOException {
    DataFiles.bytes(folder.resolve(name), plain);
    List<String> expected = rows(descriptor(format, name, more, columns));
    assertThat(expected).hasSize(2);
    for (String ending : ENDINGS) {
      String packed = name + "." + ending;
      DataFiles.bytes(folder.resolve(packed), DataFiles.pack(ending, plain));
      DatasetSpec dataset = descriptor(format, packed, more, columns);
      assertThat(rows(dataset).stream().map(row -> row.replace(packed, name)))
          .as(packed)
          .isEqualTo(expected);
      Admitted admitted = Admitted.of(dataset, folder, Limits.DEFAULT);
      assertThat(admitted.problems).isEmpty();
      assertThat(admitted.bad).isEmpty();
      assertThat(admitted.good.stream().map(row -> row.replace(packed, name)))
          .as(packed)
          .isEqualTo(expected);
      try (PlacedFile placed = PlacedFile.of(folder.resolve(packed))) {
        FilePlan plan =
            new FilePieces(dataset, Limits.DEFAULT).plan(placed, Digests.sha256(), () -> {});
        assertThat(plan).isEqualTo(FilePlan.WHOLE);
      }
    }
  }

  private List<String> rows(DatasetSpec dataset) {
    Problems problems = new Problems();
    List<String> rows =
        Admitted.whole(dataset, folder, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    // Of an image by itself the name is that of the image.
    return rows.stream().map(row -> row.replaceAll("(a\\.ppm)\\.[a-z]+", "$1")).toList();
  }

  private List<String> faults(DatasetSpec dataset, Limits limits) {
    Problems problems = new Problems();
    assertThat(TableReader.read(dataset, folder, limits, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private byte[] zip(Object... entries) throws IOException {
    DataFiles.zip(folder.resolve("made"), false, entries);
    return Files.readAllBytes(folder.resolve("made"));
  }

  private static byte[] numbers(double... values) {
    return DataFiles.npy("<f8", "(%d,)".formatted(values.length), DataFiles.doubles(values));
  }

  @Test
  void readsNumpyArchivesAndArrays() throws IOException {
    byte[] npz = zip("a.npy", numbers(1, 2), "b.npy", numbers(3, 4));
    same("x.npz", npz, "numpy", "", NUMBERS);
    same("a.npy", numbers(1, 2), "numpy", ", values: {column: a}", "a: {}");
  }

  @Test
  void readsPackedArraysSideBySide() throws IOException {
    DataFiles.bytes(folder.resolve("a.npy.gz"), DataFiles.pack("gz", numbers(1, 2)));
    DataFiles.bytes(folder.resolve("b.npy.xz"), DataFiles.pack("xz", numbers(3, 4)));
    DatasetSpec dataset =
        Admitted.descriptor(
            "{format: numpy, files: [{path: a.npy.gz, values: {column: a}}, {path: b.npy.xz, values: {column: b}}]}",
            NUMBERS);
    assertThat(rows(dataset)).containsExactly("a.npy.gz[0] | 1.0 | 3.0", "a.npy.gz[1] | 2.0 | 4.0");
  }

  @Test
  void readsParquet() throws IOException {
    DataFiles.text(folder.resolve("a.csv"), "a,b", "1,2", "3,4");
    Table table =
        TableReader.read(
                descriptor("delimited", "a.csv", "", NUMBERS),
                folder,
                Limits.DEFAULT,
                new Problems())
            .orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ParquetTables.write(table, Set.of(), row -> true, out);
    same("x.parquet", out.toByteArray(), "parquet", "", NUMBERS);
  }

  @Test
  void readsZipsAndTarsOfText() throws IOException {
    same("x.zip", zip("1.csv", "a,b\n1,2\n", "2.csv", "a,b\n3,4\n"), "delimited", "", NUMBERS);
    byte[] tar = TarFiles.tar("1.csv", "a,b\n1,2\n", "2.csv", "a,b\n3,4\n");
    same("x.tar", tar, "delimited", "", NUMBERS);
    byte[] lines = TarFiles.tar("1.jsonl", "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n");
    same("x.tar", lines, "jsonLines", "", NUMBERS);
  }

  @Test
  void readsImagesAndTheirZipsAndTars() throws IOException {
    Object[] entries = {
      "good/1.ppm", DataFiles.ppm(2, 2, 1, 2, 3), "worn/2.ppm", DataFiles.ppm(2, 2, 4, 5, 6)
    };
    same("x.zip", zip(entries), "images", ", " + BY_FOLDER, IMAGES);
    byte[] tar = TarFiles.tar(entries);
    same("x.tar", tar, "images", ", " + BY_FOLDER, IMAGES);
    for (String name : List.of("x.tgz", "x.txz", "x.tzst")) {
      String ending = ENDINGS.get(List.of("x.tgz", "x.txz", "x.tzst").indexOf(name));
      DataFiles.bytes(folder.resolve(name), DataFiles.pack(ending, tar));
      assertThat(rows(descriptor("images", name, ", " + BY_FOLDER, IMAGES)))
          .as(name)
          .hasSize(2)
          .first()
          .asString()
          .startsWith(name + "!/good/1.ppm | [1.0, 2.0, 3.0, ");
    }
    DataFiles.bytes(folder.resolve("a.ppm.gz"), DataFiles.pack("gz", DataFiles.ppm(2, 2, 1, 2, 3)));
    String image = "image: {type: tensor, shape: [2, 2, 3]}";
    assertThat(rows(descriptor("images", "a.ppm.gz", "", image))).hasSize(1);
  }

  @Test
  void readsPackedFilesBesideOthers() throws IOException {
    DataFiles.text(folder.resolve("x.csv"), "1", "2");
    DataFiles.bytes(
        folder.resolve("b.csv.gz"),
        DataFiles.pack("gz", "3\n4\n".getBytes(StandardCharsets.UTF_8)));
    DatasetSpec dataset =
        Admitted.descriptor(
            "{format: delimited, header: false, files: [{path: x.csv, beside: [{path: b.csv.gz}]}]}",
            NUMBERS);
    assertThat(rows(dataset)).containsExactly("x.csv:1 | 1.0 | 3.0", "x.csv:2 | 2.0 | 4.0");
  }

  @Test
  void refusesWhatUnpacksToMoreThanTheLimitsAllow() throws IOException {
    byte[] npy = numbers(new double[20_000]);
    Limits small = new Limits(1 << 20, 100_000, 10, 50, 1000, 1 << 20, 10, 100, 1 << 20);
    DataFiles.bytes(folder.resolve("a.npy.zst"), DataFiles.pack("zst", npy));
    DatasetSpec dataset = descriptor("numpy", "a.npy.zst", ", values: {column: a}", "a: {}");
    assertThat(faults(dataset, small))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("a.npy.zst: Cannot unpack file: ");
    DataFiles.bytes(
        folder.resolve("x.tar.xz"),
        DataFiles.pack("xz", TarFiles.tar("good/1.ppm", new byte[1 << 18])));
    assertThat(faults(descriptor("images", "x.tar.xz", ", " + BY_FOLDER, IMAGES), small))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("x.tar.xz: Cannot read tar: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "xz", "zst"})
  void refusesAFileThatEndsEarly(String ending) throws IOException {
    byte[] npz = zip("a.npy", numbers(1, 2), "b.npy", numbers(3, 4));
    byte[] packed = DataFiles.pack(ending, npz);
    String name = "x.npz." + ending;
    DataFiles.bytes(folder.resolve(name), Arrays.copyOf(packed, packed.length - 9));
    assertThat(faults(descriptor("numpy", name, "", NUMBERS), Limits.DEFAULT))
        .hasSize(1)
        .first()
        .asString()
        .startsWith(name + ": Cannot unpack file: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x.csv.bz2", "x.tar.bz2", "x.7z", "x.csv.gz.xz", "x.tar.gz.zst", "x.tgz.gz"})
  void refusesByNameWhatItCannotUnpack(String name) {
    DataFiles.text(folder.resolve(name), "a,b", "1,2");
    List<String> faults = faults(descriptor("delimited", name, "", NUMBERS), Limits.DEFAULT);
    boolean twice = name.endsWith("z") && !name.endsWith(".7z") || name.endsWith("zst");
    assertThat(faults)
        .containsExactly(
            name
                + ": Cannot unpack file: it is packed "
                + (twice ? "twice" : "in another way")
                + " (expected .gz, .xz or .zst, once)");
  }
}
