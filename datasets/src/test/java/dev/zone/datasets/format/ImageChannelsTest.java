package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No channel and no bit of an image is lost without a word. */
class ImageChannelsTest {
  @TempDir Path folder;

  private static DatasetSpec pictures(String file, String shape) {
    return Admitted.descriptor(
        "{format: images, files: [{path: %s}]}".formatted(file),
        "image: {type: tensor, shape: [%s]}".formatted(shape));
  }

  private float[] read(String file, String shape) {
    Problems problems = new Problems();
    Table table =
        TableReader.read(pictures(file, shape), folder, Limits.DEFAULT, problems)
            .orElseThrow(() -> new AssertionError(problems.list()));
    TensorColumn images = (TensorColumn) table.column("image").orElseThrow();
    float[] pixels = new float[images.elements()];
    images.read(0, pixels);
    return pixels;
  }

  private List<String> faults(String file, String shape) {
    Problems problems = new Problems();
    assertThat(TableReader.read(pictures(file, shape), folder, Limits.DEFAULT, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  /** Two pixels beside each other, of samples of so many bits. */
  private static BufferedImage image(int space, boolean alpha, int bits, int... samples) {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixels(0, 0, 2, 1, samples);
    return new BufferedImage(model, raster, false, null);
  }

  @Test
  void refusesSamplesOfMoreThanEightBits() throws IOException {
    DataFiles.bytes(
        folder.resolve("grey.png"), png(image(ColorSpace.CS_GRAY, false, 16, 256, 65535)));
    assertThat(faults("grey.png", "1, 2"))
        .containsExactly(
            "grey.png: Cannot read image: 1 samples of 16 bits a pixel (expected 1 to 4 of at most 8)");
    DataFiles.bytes(
        folder.resolve("colour.png"), png(image(ColorSpace.CS_sRGB, false, 16, 1, 2, 3, 4, 5, 6)));
    assertThat(faults("colour.png", "1, 2, 3"))
        .containsExactly(
            "colour.png: Cannot read image: 3 samples of 16 bits a pixel (expected 1 to 4 of at most 8)");
    DataFiles.bytes(
        folder.resolve("grey.pgm"), "P5 2 1 65535 abcd".getBytes(StandardCharsets.US_ASCII));
    assertThat(faults("grey.pgm", "1, 2"))
        .containsExactly("grey.pgm: Cannot read image: values up to 65535 (expected at most 255)");
  }

  @Test
  void setsAnImageOfMoreBitsAsideWhereRowsAre() throws IOException {
    DataFiles.bytes(
        folder.resolve("set/a.png"), png(image(ColorSpace.CS_GRAY, false, 16, 256, 65535)));
    DataFiles.bytes(folder.resolve("set/b.png"), png(image(ColorSpace.CS_GRAY, false, 8, 3, 200)));
    Admitted admitted = Admitted.of(pictures("set", "1, 2"), folder, Limits.DEFAULT);
    assertThat(admitted.problems).isEmpty();
    assertThat(admitted.bad)
        .containsExactly(
            "set/a.png  Cannot read image: 1 samples of 16 bits a pixel (expected 1 to 4 of at most 8)");
    assertThat(admitted.good).containsExactly("set/b.png | [3.0, 200.0]");
  }

  @Test
  void keepsHowTransparentPixelsAreIfTheDescriptorSaysSo() throws IOException {
    DataFiles.bytes(
        folder.resolve("a.png"), png(image(ColorSpace.CS_sRGB, true, 8, 1, 2, 3, 255, 4, 5, 6, 7)));
    assertThat(read("a.png", "1, 2, 4")).containsExactly(1, 2, 3, 255, 4, 5, 6, 7);
    assertThat(faults("a.png", "1, 2, 3"))
        .containsExactly(
            "a.png: Cannot read image: it has transparent pixels (expected none, or a column of shape [1, 2, 4])");
    DataFiles.bytes(folder.resolve("g.png"), png(image(ColorSpace.CS_GRAY, true, 8, 9, 255, 8, 7)));
    assertThat(read("g.png", "1, 2, 2")).containsExactly(9, 255, 8, 7);
    assertThat(faults("g.png", "1, 2"))
        .containsExactly(
            "g.png: Cannot read image: it has transparent pixels (expected none, or a column of shape [1, 2, 2])");
  }

  @Test
  void leavesOutThatAllPixelsAreOpaque() throws IOException {
    DataFiles.bytes(
        folder.resolve("a.png"),
        png(image(ColorSpace.CS_sRGB, true, 8, 1, 2, 3, 255, 4, 5, 6, 255)));
    assertThat(read("a.png", "1, 2, 3")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read("a.png", "1, 2, 4")).containsExactly(1, 2, 3, 255, 4, 5, 6, 255);
    DataFiles.bytes(
        folder.resolve("g.png"), png(image(ColorSpace.CS_GRAY, true, 8, 90, 255, 8, 255)));
    assertThat(read("g.png", "1, 2")).containsExactly(90, 8);
  }

  @Test
  void readsPgmAndPpmAsText() {
    byte[] grey = "P2\n# made\n2 1\n200\n7 # seven\n 200".getBytes(StandardCharsets.US_ASCII);
    DataFiles.bytes(folder.resolve("a.pgm"), grey);
    assertThat(read("a.pgm", "1, 2")).containsExactly(7, 200);
    byte[] colours = "P3 2 1 255\n1 2 3\n4 5 6\n".getBytes(StandardCharsets.US_ASCII);
    DataFiles.bytes(folder.resolve("a.ppm"), colours);
    assertThat(read("a.ppm", "1, 2, 3")).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void refusesTextOfFewerOrLargerNumbers() {
    DataFiles.bytes(
        folder.resolve("a.pgm"), "P2 2 1 200 7 201".getBytes(StandardCharsets.US_ASCII));
    assertThat(faults("a.pgm", "1, 2"))
        .containsExactly("a.pgm: Cannot read image: a value of 201 (expected at most 200)");
    DataFiles.bytes(folder.resolve("a.pgm"), "P2 2 1 200 7 ".getBytes(StandardCharsets.US_ASCII));
    assertThat(faults("a.pgm", "1, 2"))
        .containsExactly(
            "a.pgm: Cannot read file: the image ends in its header or its numbers (expected a complete file)");
    DataFiles.bytes(
        folder.resolve("a.pgm"), "P2 8000 8000 255 7".getBytes(StandardCharsets.US_ASCII));
    assertThat(faults("a.pgm", "1, 2")).hasSize(1).first().asString().contains("the image ends");
  }
}
