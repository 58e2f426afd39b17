package dev.zone.datasets.format;

import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.zone.conf.ColumnSpec;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import dev.zone.datasets.MatFiles;
import dev.zone.datasets.Table;
import dev.zone.datasets.TarFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files end in rows or in problems with a reason: in no other exception, not late, and
 * without memory beyond what their limits give. {@code -Dzone.fuzz.files=10000} tries more than the
 * few of every build.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTest {
  static final int FILES = Integer.getInteger("zone.fuzz.files", 200);
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  static final Limits LIMITS =
      new Limits(1 << 20, 4 << 20, 100, 500, 1 << 20, 1 << 16, 100, 1 << 16, 1 << 14);

  /** A file of entryBytes as doubles, its rows, and what its readers hold besides. */
  private static final long MOST_BYTES = 64L << 20;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "png, 2", // rgb
    "png, 10", // grey
    "png, 13", // palette
    "jpg, 1", "jpg, 10", "bmp, 1", "bmp, 13", "tif, 1", "tif, 10", "tif, 12", "ppm, 0"
  })
  void images(String format, int type) throws IOException {
    byte[] whole = format.equals("ppm") ? DataFiles.ppm(17, 9, 1, 2, 3) : image(format, type);
    DatasetSpec dataset =
        new DatasetBuilder()
            .tensor("image", 9, 17, type == 10 ? 1 : 3)
            .source(new SourceSpec.Images(List.of(file("a." + format)), "image"))
            .build();
    fuzz("images " + format + " " + type, "a." + format, whole, dataset);
  }

  private static byte[] image(String format, int type) throws IOException {
    int made =
        type == 2 ? BufferedImage.TYPE_INT_RGB : type == 1 ? BufferedImage.TYPE_3BYTE_BGR : type;
    BufferedImage image = new BufferedImage(17, 9, made);
    for (int i = 0; i < 17 * 9; i++) {
      image.setRGB(i % 17, i / 17, i * 0x010307);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void numpyArchives(boolean stored) throws IOException {
    DataFiles.zip(
        folder.resolve("a.npz"),
        stored,
        "maps.npy",
        DataFiles.npy("|u1", "(4, 2, 3)", new byte[24]),
        "x.npy",
        DataFiles.npy("<f8", "(4,)", DataFiles.doubles(1, 2, 3, 4)));
    DatasetSpec dataset =
        new DatasetBuilder()
            .tensor("maps", 2, 3)
            .number("x")
            .source(new SourceSpec.Numpy(List.of(file("a.npz"))))
            .build();
    byte[] whole = Files.readAllBytes(folder.resolve("a.npz"));
    fuzz("npz stored " + stored, "a.npz", whole, dataset);
  }

  @Test
  void numpyArrays() throws IOException {
    FileSpec spec =
        new FileSpec(
            "a.npy",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("column", "x"),
            Optional.empty());
    DatasetSpec dataset =
        new DatasetBuilder()
            .column("x", ColumnSpec.Type.NUMBER, ColumnSpec.Role.INPUT)
            .source(new SourceSpec.Numpy(List.of(spec)))
            .build();
    byte[] whole = DataFiles.npy("<f4", "(5,)", DataFiles.floats(1, 2, 3, 4, 5));
    fuzz("npy", "a.npy", whole, dataset);
  }

  @ParameterizedTest
  @CsvSource({"LITTLE_ENDIAN, false", "LITTLE_ENDIAN, true", "BIG_ENDIAN, false"})
  void matlabFiles(String order, boolean packed) throws IOException {
    MatFiles mat =
        new MatFiles(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    mat.add(packed, mat.variable("maps", MatFiles.UINT8, new int[] {4, 2, 3}, 2, new byte[24]));
    mat.doubles("x", packed, new int[] {4, 1}, 1, 2, 3, 4);
    mat.add(packed, mat.variable("small", MatFiles.DOUBLE, new int[] {1, 1}, 2, new byte[] {7}));
    DatasetSpec dataset =
        new DatasetBuilder()
            .tensor("maps", 2, 3)
            .number("x")
            .source(new SourceSpec.Matlab(List.of(file("a.mat")), Map.of()))
            .build();
    fuzz("mat " + order + " packed " + packed, "a.mat", mat.bytes(), dataset);
  }

  @Test
  void variablesOfMatlabFilesBeforeTheyArePacked() throws IOException {
    byte[] variable =
        new MatFiles(ByteOrder.LITTLE_ENDIAN)
            .variable("maps", MatFiles.UINT8, new int[] {4, 2, 3}, 2, new byte[24]);
    DatasetSpec dataset =
        new DatasetBuilder()
            .tensor("maps", 2, 3)
            .source(new SourceSpec.Matlab(List.of(file("a.mat")), Map.of()))
            .build();
    fuzz(
        "mat before it is packed",
        "a.mat",
        variable,
        dataset,
        bytes -> new MatFiles(ByteOrder.LITTLE_ENDIAN).add(true, bytes).bytes());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tars(boolean packed) throws IOException {
    byte[] tar =
        TarFiles.tar(
            "in/" + "long".repeat(40) + ".ppm",
            DataFiles.ppm(17, 9, 1, 2, 3),
            "b.ppm",
            DataFiles.ppm(17, 9, 4, 5, 6));
    String name = packed ? "a.tgz" : "a.tar";
    DatasetSpec dataset =
        new DatasetBuilder()
            .tensor("image", 9, 17, 3)
            .source(new SourceSpec.Images(List.of(file(name)), "image"))
            .build();
    fuzz(name, name, packed ? TarFiles.gzip(tar) : tar, dataset);
    // And what only an author's own hand does: damage with checksums to match.
    fuzz(
        name + " with checksums",
        name,
        tar,
        dataset,
        bytes -> packed ? TarFiles.gzip(bytes) : TarFiles.withChecksums(bytes));
  }

  private void fuzz(String what, String name, byte[] whole, DatasetSpec dataset)
      throws IOException {
    fuzz(what, name, whole, dataset, bytes -> bytes);
  }

  /**
   * Damages a right file again and again, always in the same ways.
   *
   * @param last what is done to a file after it was damaged
   */
  private void fuzz(
      String what, String name, byte[] whole, DatasetSpec dataset, UnaryOperator<byte[]> last)
      throws IOException {
    assertThat(read(what, name, last.apply(whole), dataset)).as("%s undamaged", what).isTrue();
    Random random = new Random(7);
    int right = 0;
    long start = System.nanoTime();
    for (int i = 0; i < FILES; i++) {
      right +=
          read(what + " number " + i, name, last.apply(damaged(whole, random)), dataset) ? 1 : 0;
    }
    System.out.printf(
        "%s: %d files in %.1f s, %d of them read%n",
        what, FILES, (System.nanoTime() - start) / 1e9, right);
  }

  private boolean read(String what, String name, byte[] bytes, DatasetSpec dataset)
      throws IOException {
    Files.write(folder.resolve(name), bytes);
    Problems problems = new Problems();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    Optional<Table> table;
    try {
      table = TableReader.read(dataset, folder, LIMITS, problems);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + " ends in another exception", e);
    }
    long nanos = System.nanoTime() - start;
    long taken = threads.getCurrentThreadAllocatedBytes() - allocated;
    assertThat(table.isPresent()).as("%s: %s", what, problems.list()).isEqualTo(problems.isEmpty());
    assertThat(problems.list())
        .as(what)
        .extracting(Problem::toString)
        .allMatch(problem -> problem.matches("(?s).*Cannot .+"));
    assertThat(taken).as("bytes taken by %s: %s", what, problems.list()).isLessThan(MOST_BYTES);
    assertThat(nanos).as("time of %s: %s", what, problems.list()).isLessThan(SLOW_NANOS);
    return table.isPresent();
  }

  static byte[] damaged(byte[] whole, Random random) {
    byte[] damaged = whole.clone();
    int first = random.nextInt(4) == 0 ? whole.length : Math.min(whole.length, 200);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      // Most of what a reader believes stands at a file's start.
      int at = random.nextInt(random.nextBoolean() ? first : whole.length);
      switch (random.nextInt(5)) {
        case 0 -> damaged[at] = (byte) random.nextInt(256);
        case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> damaged[at] = (byte) (random.nextBoolean() ? 0xff : 0);
        case 3 -> {
          // A size or a count.
          int[] edges = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16, 1 << 24, 0};
          int edge = edges[random.nextInt(edges.length)];
          for (int i = 0; i < 4 && at + i < damaged.length; i++) {
            damaged[at + i] = (byte) (edge >> 8 * i);
          }
        }
        default -> {
          int from = random.nextInt(whole.length);
          int length = Math.min(random.nextInt(64), whole.length - Math.max(at, from));
          System.arraycopy(whole, from, damaged, at, length);
        }
      }
    }
    return random.nextInt(5) == 0 ? cut(damaged, random) : damaged;
  }

  private static byte[] cut(byte[] damaged, Random random) {
    int length = random.nextInt(damaged.length);
    if (random.nextBoolean()) {
      return Arrays.copyOf(damaged, length);
    }
    List<Byte> without = new ArrayList<>();
    int gap = random.nextInt(16);
    for (int i = 0; i < damaged.length; i++) {
      if (i < length || i >= length + gap) {
        without.add(damaged[i]);
      }
    }
    byte[] rest = new byte[without.size()];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = without.get(i);
    }
    return rest;
  }
}
