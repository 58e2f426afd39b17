package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
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
import dev.zone.datasets.TarFiles;
import dev.zone.datasets.TensorColumn;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void readsTiffsOfEveryPackingButJpeg() throws IOException {
    for (String packing : List.of("LZW", "Deflate", "ZLib", "PackBits", "")) {
      DataFiles.bytes(folder.resolve("16/2_1.tif"), tiff(packing, BufferedImage.TYPE_INT_RGB));
      Table table = read(pictures("16"));
      assertThat(pixels(table, 0)).as(packing).startsWith(1, 2, 255, 1, 2, 255);
    }
    DataFiles.bytes(folder.resolve("16/2_1.tif"), tiff("JPEG", BufferedImage.TYPE_INT_RGB));
    assertThat(faults(pictures("16")))
        .containsExactly(
            "16/2_1.tif: Cannot read image: TIFF of compression 7 (expected none, LZW, Deflate, PackBits or fax)");
    DataFiles.bytes(folder.resolve("16/2_1.tif"), tiff("", BufferedImage.TYPE_USHORT_GRAY));
    assertThat(faults(pictures("16")))
        .containsExactly(
            "16/2_1.tif: Cannot read image: 1 samples of 16 bits a pixel (expected 1 to 4 of at most 8)");
  }

  @Test
  void readsATarInItsOrderWithItsIndex() {
    byte[] tar =
        TarFiles.tar(
            "./set/b.ppm",
            DataFiles.ppm(2, 2, 4, 5, 6),
            "./set/a.ppm",
            DataFiles.ppm(2, 2, 1, 2, 3),
            "./set/gt.csv",
            "Filename;ClassId\nb.ppm;16\na.ppm;0\n");
    IndexSpec index = new IndexSpec("set/gt.csv", ";", "Filename", Map.of("ClassId", "label"));
    DataFiles.bytes(folder.resolve("a.tar"), tar);
    DataFiles.bytes(folder.resolve("a.tar.gz"), TarFiles.gzip(tar));
    for (String name : List.of("a.tar", "a.tar.gz")) {
      Table table = read(signs(name, null, index));
      assertThat(pixels(table, 0)).startsWith(4, 5, 6);
      assertThat(pixels(table, 1)).startsWith(1, 2, 3);
      assertThat(text(table, "label", 0)).isEqualTo("go");
      assertThat(table.origins().text(1)).isEqualTo(name + "!/set/a.ppm");
    }
    DataFiles.bytes(
        folder.resolve("a.tar"), TarFiles.tar("a.ppm", new byte[0], "./a.ppm", new byte[0]));
    assertThat(faults(pictures("a.tar")))
        .containsExactly("a.tar: Cannot read tar: entry 'a.ppm' is there twice (expected once)");
  }

  @Test
  void readsMoreImagesOfATarThanAreHeldAtOnce() {
    Object[] entries = new Object[2 * 1300];
    for (int i = 0; i < 1300; i++) {
      entries[2 * i] = "16/" + i + "_.ppm";
      entries[2 * i + 1] = DataFiles.ppm(2, 2, i / 256, i % 256, 7);
    }
    DataFiles.bytes(folder.resolve("a.tgz"), TarFiles.gzip(TarFiles.tar(entries)));
    Table table = read(signs("a.tgz", BY_NAME, null));
    assertThat(table.rows()).isEqualTo(1300);
    for (int row = 0; row < 1300; row++) {
      assertThat(pixels(table, row)).startsWith(row / 256, row % 256, 7);
    }
  }

  @Test
  void refusesImagesThatAreMoreThanTheySeem() throws IOException {
    // A GIF by another name, a PNG that is cut, a BMP around a PNG, a JPEG of scans without end.
    DataFiles.bytes(folder.resolve("x/a.png"), "GIF89a".getBytes(StandardCharsets.US_ASCII));
    byte[] png = png(2, 2, BufferedImage.TYPE_INT_RGB, 0xffffff);
    DataFiles.bytes(folder.resolve("x/b.png"), Arrays.copyOf(png, png.length - 30));
    byte[] bmp = new byte[60];
    System.arraycopy(new byte[] {'B', 'M'}, 0, bmp, 0, 2);
    bmp[14] = 40;
    bmp[18] = 2;
    bmp[22] = 2;
    bmp[30] = 5;
    DataFiles.bytes(folder.resolve("x/c.bmp"), bmp);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    BufferedImage grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(ImageIO.write(grey, "jpg", jpeg)).isTrue();
    byte[] whole = jpeg.toByteArray();
    ByteBuffer scans = ByteBuffer.allocate(whole.length + 8000);
    scans.put(whole, 0, whole.length - 2);
    scans.putShort(scans.capacity() - 2, (short) 0xffd9);
    for (int i = 0; i < 1000; i++) {
      scans.putShort((short) 0xffda).putShort((short) 6).putInt(0);
    }
    DataFiles.bytes(folder.resolve("x/d.jpg"), scans.array());
    assertThat(faults(pictures("x")))
        .satisfiesExactly(
            gif -> assertThat(gif).startsWith("x/a.png: Cannot read image (expected PNG,"),
            cut -> assertThat(cut).startsWith("x/b.png: Cannot read image: "),
            wrapped ->
                assertThat(wrapped).startsWith("x/c.bmp: Cannot read image: BMP of compression 5"),
            endless ->
                assertThat(endless).startsWith("x/d.jpg: Cannot read image: JPEG of 1001 scans"));
  }

  @Test
  void takesNoMemoryForWhatIsNoPixel() throws IOException {
    // A note of 64 MiB, packed, in an image with a palette, whose notes the decoder reads.
    byte[] png = png(2, 2, BufferedImage.TYPE_BYTE_INDEXED, 0xffffff);
    int afterHeader = 8 + 25;
    ByteArrayOutputStream note = new ByteArrayOutputStream();
    note.writeBytes("zTXtn\0\0".getBytes(StandardCharsets.US_ASCII));
    try (DeflaterOutputStream out = new DeflaterOutputStream(note)) {
      out.write(new byte[64 << 20]);
    }
    CRC32 crc = new CRC32();
    crc.update(note.toByteArray());
    ByteBuffer bomb = ByteBuffer.allocate(png.length + note.size() + 8);
    bomb.put(png, 0, afterHeader).putInt(note.size() - 4).put(note.toByteArray());
    bomb.putInt((int) crc.getValue()).put(png, afterHeader, png.length - afterHeader);
    DataFiles.bytes(folder.resolve("x/a.png"), bomb.array());
    // Strips of more rows than the image has.
    byte[] tiff = tiff("", BufferedImage.TYPE_INT_RGB);
    ByteBuffer fields = ByteBuffer.wrap(tiff).order(ByteOrder.BIG_ENDIAN);
    assertThat(fields.getShort(0)).isEqualTo((short) ('M' << 8 | 'M'));
    int directory = fields.getInt(4);
    for (int at = directory + 2; at < directory + 2 + 12 * fields.getShort(directory); at += 12) {
      if (fields.getShort(at) == 278) {
        fields.putShort(at + 2, (short) 4).putInt(at + 8, 1 << 29);
      }
    }
    DataFiles.bytes(folder.resolve("x/b.tif"), tiff);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String name : List.of("x/a.png", "x/b.tif")) {
      long before = threads.getCurrentThreadAllocatedBytes();
      Table table = read(pictures(name));
      assertThat(pixels(table, 0)).as(name).hasSize(12);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes taken by %s", name)
          .isLessThan(32 << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.jpg", "a.bmp", "a.tif", "a.ppm"})
  void refusesAnImageThatEndsBeforeItsLastPixel(String name) throws IOException {
    byte[] whole =
        switch (name) {
          case "a.ppm" -> DataFiles.ppm(2, 2, 9, 8, 7);
          case "a.tif" -> tiff("", BufferedImage.TYPE_INT_RGB);
          default -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_3BYTE_BGR);
            image.setRGB(1, 1, 0x123456);
            assertThat(ImageIO.write(image, name.substring(2), out)).isTrue();
            yield out.toByteArray();
          }
        };
    DataFiles.bytes(folder.resolve(name), whole);
    float[] expected = pixels(read(pictures(name)), 0);
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      DataFiles.bytes(folder.resolve(name), Arrays.copyOf(whole, length));
      Problems problems = new Problems();
      Optional<Table> table = TableReader.read(pictures(name), folder, Limits.DEFAULT, problems);
      refused += problems.isEmpty() ? 0 : 1;
      // What stands behind the last pixel may be cut.
      assertThat(table.map(each -> pixels(each, 0)).orElse(expected))
          .as("%s of %d bytes", name, length)
          .isEqualTo(expected);
    }
    assertThat(refused).isGreaterThan(10);
  }

  private static DatasetSpec pictures(String path) {
    return new DatasetBuilder()
        .tensor("image", 2, 2, 3)
        .source(new SourceSpec.Images(List.of(DatasetBuilder.file(path)), "image"))
        .build();
  }

  private static byte[] tiff(String packing, int type) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, type);
    for (int i = 0; i < 4; i++) {
      image.setRGB(i / 2, i % 2, 0x0102ff);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    if (!packing.isEmpty()) {
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionType(packing);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
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
        "P1 2 2 1 1 1 1");
    List<String> faults = faults(signs("signs.zip", BY_NAME, null));
    assertThat(faults).hasSize(5);
    assertThat(faults.get(0)).contains("1_a.ppm: Cannot read file: the image ends after ");
    assertThat(faults.get(1)).contains("1_b.png: Cannot read image: ");
    assertThat(faults.get(2))
        .contains("1_c.png: Cannot read image (expected PNG, JPEG, BMP, TIFF, PPM or PGM)");
    assertThat(faults.get(3)).contains("1_d.ppm: Cannot read image: 30000 x 30000 pixels");
    assertThat(faults.get(4))
        .contains("1_e.pgm: Cannot read image: not a PGM or PPM (expected P2, P3, P5 or P6)");
  }

  @Test
  void saysThatThereAreNoImages() {
    DataFiles.zip(folder.resolve("signs.zip"), false, "a.txt", "x");
    assertThat(faults(signs("signs.zip", BY_NAME, null)))
        .containsExactly("signs.zip: Cannot find any image (expected entries '**')");
  }
}
