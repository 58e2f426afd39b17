package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.SourceSpec.IndexSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesReaderTest {
  private static final String BY_NAME = "(?<track>(?<label>\\d+)/\\d+)_";

  @TempDir Path folder;

  private static DatasetSpec signs(String path, String name, IndexSpec index) {
    FileSpec file =
        new FileSpec(
            path,
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(name),
            Optional.ofNullable(index),
            Map.of(),
            Optional.empty());
    DatasetBuilder builder =
        new DatasetBuilder()
            .tensor("image", 2, 2, 3)
            .label("label", "0", "stop", "16", "go")
            .source(new SourceSpec.Images(List.of(file), "image"));
    if (name != null) {
      builder.column("track", ColumnSpec.Type.TEXT, Role.GROUP);
    }
    return builder.build();
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

  private static String text(Table table, String column, int row) {
    CodedColumn coded = (CodedColumn) table.column(column).orElseThrow();
    return coded.values().get(coded.code(row));
  }

  private static float[] pixels(Table table, int row) {
    float[] pixels = new float[12];
    ((TensorColumn) table.column("image").orElseThrow()).read(row, pixels);
    return pixels;
  }

  private static byte[] png(int width, int height, int type, int colour) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colour);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  @Test
  void readsImagesAndWhatTheirNamesSay() throws IOException {
    DataFiles.zip(
        folder.resolve("signs.zip"),
        false,
        "Images/00016/00002_00001.ppm",
        DataFiles.ppm(2, 2, 255, 0, 7),
        "Images/00000/00001_00000.png",
        png(2, 2, BufferedImage.TYPE_INT_RGB, 0x0102ff),
        "Images/00000/readme.txt",
        "x");
    Table table = read(signs("signs.zip", BY_NAME, null));
    assertThat(table.rows()).isEqualTo(2);
    assertThat(text(table, "label", 0)).isEqualTo("stop");
    assertThat(text(table, "label", 1)).isEqualTo("go");
    assertThat(text(table, "track", 1)).isEqualTo("00016/00002");
    assertThat(pixels(table, 0)).startsWith(1, 2, 255, 1, 2, 255);
    assertThat(pixels(table, 1)).startsWith(255, 0, 7);
    assertThat(table.origins().text(1)).isEqualTo("signs.zip!/Images/00016/00002_00001.ppm");
  }

  @Test
  void readsAnIndexFromFolders() {
    DataFiles.bytes(folder.resolve("set/Images/a.ppm"), DataFiles.ppm(2, 2, 1, 2, 3));
    DataFiles.bytes(folder.resolve("set/Images/b.ppm"), DataFiles.ppm(2, 2, 4, 5, 6));
    DataFiles.text(
        folder.resolve("set/gt.csv"), "Filename;Width;ClassId", "b.ppm;9;16", "a.ppm;9;0");
    IndexSpec index = new IndexSpec("gt.csv", ";", "Filename", Map.of("ClassId", "label"));
    Table table = read(signs("set", null, index));
    assertThat(text(table, "label", 0)).isEqualTo("stop");
    assertThat(text(table, "label", 1)).isEqualTo("go");
    assertThat(table.origins().text(0)).isEqualTo("set/Images/a.ppm");
  }

  @Test
  void namesTheImageThatTheIndexLacks() {
    DataFiles.bytes(folder.resolve("set/a.ppm"), DataFiles.ppm(2, 2, 1, 2, 3));
    DataFiles.text(folder.resolve("set/gt.csv"), "Filename,ClassId", "b.ppm,16");
    IndexSpec index = new IndexSpec("gt.csv", ",", "Filename", Map.of("ClassId", "label"));
    assertThat(faults(signs("set", null, index)))
        .containsExactly(
            "set/a.ppm: Cannot find image in index: 'a.ppm' (expected a row for each image)");
    IndexSpec wrong = new IndexSpec("gt.csv", ",", "Filenam", Map.of("ClassId", "label"));
    assertThat(faults(signs("set", null, wrong)))
        .containsExactly(
            "set: Cannot find column 'Filenam' in index 'gt.csv', did you mean 'Filename'? (expected it among Filename, ClassId)");
  }

  @Test
  void namesImagesOfAnotherSizeAndClass() {
    DataFiles.zip(
        folder.resolve("signs.zip"),
        false,
        "0/1_0.ppm",
        DataFiles.ppm(2, 3, 1, 1, 1),
        "7/1_0.ppm",
        DataFiles.ppm(2, 2, 1, 1, 1),
        "x.ppm",
        DataFiles.ppm(2, 2, 1, 1, 1));
    assertThat(faults(signs("signs.zip", BY_NAME, null)))
        .containsExactly(
            "signs.zip!/0/1_0.ppm: Cannot use image of shape [3, 2, 3] (expected [2, 2, 3] as the dataset declares)",
            "signs.zip!/7/1_0.ppm: Cannot use column 'label': '7' is none of the classes (expected 0, 16)",
            "signs.zip!/x.ppm: Cannot match name: 'x.ppm' (expected " + BY_NAME + ")");
  }

  @Test
  void refusesBrokenImages() throws IOException {
    byte[] whole = png(2, 2, BufferedImage.TYPE_INT_RGB, 0xffffff);
    byte[] huge = "P6 30000 30000 255\n".getBytes(StandardCharsets.US_ASCII);
    DataFiles.zip(
        folder.resolve("signs.zip"),
        false,
        "0/1_a.ppm",
        Arrays.copyOf(DataFiles.ppm(2, 2, 1, 1, 1), 20),
        "0/1_b.png",
        Arrays.copyOf(whole, whole.length / 2),
        "0/1_c.png",
        "no image",
        "0/1_d.ppm",
        huge,
        "0/1_e.pgm",
        "P2 2 2 255 1 1 1 1");
    List<String> faults = faults(signs("signs.zip", BY_NAME, null));
    assertThat(faults).hasSize(5);
    assertThat(faults.get(0)).contains("1_a.ppm: Cannot read file: the image ends after ");
    assertThat(faults.get(1)).contains("1_b.png: Cannot read image: ");
    assertThat(faults.get(2))
        .contains("1_c.png: Cannot read image (expected PNG, JPEG, BMP, PPM or PGM)");
    assertThat(faults.get(3)).contains("1_d.ppm: Cannot read image: 30000 x 30000 pixels");
    assertThat(faults.get(4))
        .contains("1_e.pgm: Cannot read image: not a binary PGM or PPM (expected P5 or P6)");
  }

  @Test
  void saysThatThereAreNoImages() {
    DataFiles.zip(folder.resolve("signs.zip"), false, "a.txt", "x");
    assertThat(faults(signs("signs.zip", BY_NAME, null)))
        .containsExactly("signs.zip: Cannot find any image (expected entries '**')");
  }
}
