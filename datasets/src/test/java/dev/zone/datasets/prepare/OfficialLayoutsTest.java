package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.RowSplits;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads small files, laid out as the official ones are, by the shipped descriptors. */
class OfficialLayoutsTest {
  @TempDir Path folder;

  /** Rows with the splits that the descriptor declares. */
  private record Read(Table table, RowSplits splits) {
    double number(String column, int row) {
      return ((NumberColumn) table.column(column).orElseThrow()).value(row);
    }

    String text(String column, int row) {
      CodedColumn coded = (CodedColumn) table.column(column).orElseThrow();
      return coded.values().get(coded.code(row));
    }

    int count(Split split) {
      return splits.rows(split).length;
    }
  }

  private Read read(String name) {
    DatasetSpec dataset = Shipped.dataset(name);
    Problems problems = new Problems();
    Optional<Table> table = TableReader.read(dataset, folder, Limits.DEFAULT, problems);
    assertThat(problems.list()).isEmpty();
    RowSplits splits =
        new Splitter(table.orElseThrow(), dataset.split(), problems)
            .assign(new Portion.Declared(), Optional.empty(), 0);
    assertThat(problems.list()).isEmpty();
    return new Read(table.orElseThrow(), splits);
  }

  private static String line(int fields, String separator, IntFunction<String> field) {
    return IntStream.range(0, fields).mapToObj(field).collect(Collectors.joining(separator));
  }

  @ParameterizedTest
  @ValueSource(strings = {"002", "003", "004"})
  void turbofans(String number) {
    List<String> train = new ArrayList<>();
    for (int unit = 1; unit <= 5; unit++) {
      for (int cycle = 1; cycle <= 4; cycle++) {
        String start = unit + " " + cycle;
        train.add(start + " 34.9983 0.8400 100.0 " + line(21, " ", i -> "449." + i) + "  ");
      }
    }
    DataFiles.text(
        folder.resolve("train_FD%s.txt".formatted(number)), train.toArray(String[]::new));
    DataFiles.text(
        folder.resolve("test_FD%s.txt".formatted(number)),
        train.subList(0, 6).toArray(String[]::new));
    DataFiles.text(folder.resolve("RUL_FD%s.txt".formatted(number)), "18 ", "79 ");
    Read read = read("manufacturing/cmapss-fd" + number);
    assertThat(read.table().rows()).isEqualTo(26);
    assertThat(read.number("sensor21", 0)).isEqualTo(449.20);
    assertThat(read.number("rul", 0)).isEqualTo(3);
    assertThat(read.number("rul", 20)).isEqualTo(3 + 18);
    assertThat(read.count(Split.VALIDATION)).isEqualTo(4); // one engine of five, whole
    assertThat(read.count(Split.TEST)).isEqualTo(6);
  }

  @Test
  void allSensorsOfWafers() {
    String[] sensors = new String[20];
    String[] labels = new String[20];
    for (int row = 0; row < 20; row++) {
      int wafer = row;
      sensors[row] = line(590, " ", i -> i == 589 ? "NaN" : wafer + "." + i);
      labels[row] = "%d \"%02d/08/2008 11:55:00\"".formatted(row % 4 == 0 ? 1 : -1, 20 - row);
    }
    DataFiles.text(folder.resolve("secom.data"), sensors);
    DataFiles.text(folder.resolve("secom_labels.data"), labels);
    Read read = read("chip/secom-full");
    assertThat(read.table().rows()).isEqualTo(20);
    assertThat(read.table().columns()).hasSize(592);
    assertThat(read.number("V1", 3)).isEqualTo(3.0);
    assertThat(read.number("V589", 3)).isEqualTo(3.588);
    assertThat(read.number("V590", 3)).isNaN();
    assertThat(read.text("label", 0)).isEqualTo("fail");
    assertThat(read.text("label", 1)).isEqualTo("pass");
    // The latest days, which stand first here.
    assertThat(read.splits().rows(Split.TEST)).containsExactly(0, 1, 2, 3);
    assertThat(read.splits().rows(Split.VALIDATION)).containsExactly(4, 5, 6);
  }

  @Test
  void trucks() {
    List<String> preamble = new ArrayList<>(List.of("This file is part of APS Failure and"));
    preamble.add("Copyright (c) <2016> <Scania CV AB>");
    while (preamble.size() < 20) {
      preamble.add(preamble.size() == 19 ? "-".repeat(72) : "");
    }
    String header = "class," + line(170, ",", OfficialLayoutsTest::truckColumn);
    write("aps_failure_training_set.csv", preamble, header, 10);
    write("aps_failure_test_set.csv", preamble, header, 4);
    Read read = read("vehicle/aps-scania");
    assertThat(read.table().columns()).hasSize(171);
    assertThat(read.table().origins().text(0)).isEqualTo("aps_failure_training_set.csv:22");
    assertThat(read.number("aa_000", 1)).isEqualTo(1);
    assertThat(read.number("ab_000", 1)).isNaN();
    assertThat(read.text("class", 0)).isEqualTo("air pressure system");
    assertThat(read.text("class", 1)).isEqualTo("something else");
    assertThat(read.count(Split.TRAIN)).isEqualTo(8);
    assertThat(read.count(Split.VALIDATION)).isEqualTo(2);
    assertThat(read.count(Split.TEST)).isEqualTo(4);
  }

  private static String truckColumn(int index) {
    return "%c%c_000".formatted('a' + index / 26, 'a' + index % 26);
  }

  private void write(String name, List<String> preamble, String header, int rows) {
    List<String> lines = new ArrayList<>(preamble);
    lines.add(header);
    for (int row = 0; row < rows; row++) {
      String value = Integer.toString(row);
      lines.add((row % 2 == 0 ? "pos," : "neg,") + line(170, ",", i -> i == 1 ? "na" : value));
    }
    DataFiles.text(folder.resolve(name), lines.toArray(String[]::new));
  }

  @Test
  void mixedPatternsOfWaferMaps() {
    int maps = 10;
    int[] pixels = new int[maps * 52 * 52];
    Arrays.setAll(pixels, i -> i % 4);
    int[] labels = new int[maps * 8];
    labels[8] = 1; // the second map: center and random
    labels[15] = 1;
    DataFiles.zip(
        folder.resolve("MixedWM38.npz"),
        true,
        "arr_0.npy",
        DataFiles.npy("<i4", "(%d, 52, 52)".formatted(maps), DataFiles.ints(pixels)),
        "arr_1.npy",
        DataFiles.npy("<i4", "(%d, 8)".formatted(maps), DataFiles.ints(labels)));
    Read read = read("chip/mixedwm38");
    assertThat(read.table().rows()).isEqualTo(maps);
    float[] row = new float[52 * 52];
    ((TensorColumn) read.table().column("map").orElseThrow()).read(9, row);
    assertThat(row).startsWith(0, 1, 2, 3);
    assertThat(read.text("Center", 0)).isEqualTo("no");
    assertThat(read.text("Center", 1)).isEqualTo("yes");
    assertThat(read.text("Scratch", 1)).isEqualTo("no");
    assertThat(read.text("Random", 1)).isEqualTo("yes");
    assertThat(read.count(Split.TRAIN)).isEqualTo(7);
    assertThat(read.count(Split.TEST)).isEqualTo(2);
  }

  @Test
  void surfacesOfSteel() throws IOException {
    List<String> classes = List.of("Cr", "In", "Pa", "PS", "RS", "Sc");
    byte[] ramp = new byte[256];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) i;
    }
    IndexColorModel greys = new IndexColorModel(8, 256, ramp, ramp, ramp);
    for (String each : classes) {
      for (int i = 1; i <= 20; i++) {
        BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_BYTE_INDEXED, greys);
        image.getRaster().setSample(199, 0, 0, 10 * classes.indexOf(each) + i);
        Path file = folder.resolve("%s_%d.bmp".formatted(each, i));
        assertThat(ImageIO.write(image, "bmp", file.toFile())).isTrue();
      }
    }
    DataFiles.bytes(folder.resolve("Thumbs.db"), new byte[] {1});
    Read read = read("manufacturing/neu-surface-defects");
    assertThat(read.table().rows()).isEqualTo(120);
    assertThat(read.table().origins().text(0)).isEqualTo("Cr_1.bmp");
    assertThat(read.text("defect", 0)).isEqualTo("crazing");
    assertThat(read.text("defect", 119)).isEqualTo("scratches");
    float[] row = new float[200 * 200];
    ((TensorColumn) read.table().column("image").orElseThrow()).read(0, row);
    assertThat(row[199]).isEqualTo(1);
    for (Split split : Split.values()) {
      int[] rows = read.splits().rows(split);
      assertThat(Arrays.stream(rows).mapToObj(at -> read.text("defect", at)).distinct())
          .as("classes of %s", split)
          .hasSize(6);
    }
    assertThat(read.count(Split.TEST)).isEqualTo(24);
    assertThat(read.count(Split.VALIDATION)).isEqualTo(18);
  }

  @Test
  void runsOfAPlant() {
    // 52 lines of 10 for the run without a fault; else lines of 52.
    String normal = rows(52, 10, "  ");
    String faulty = rows(10, 52, "   ");
    String test = rows(162, 52, "   ");
    DataFiles.zip(
        folder.resolve("TE_process.zip"),
        false,
        "TE_process/d00.dat",
        normal,
        "TE_process/d00_te.dat",
        test,
        "TE_process/d21.dat",
        faulty,
        "TE_process/d21_te.dat",
        test,
        "TE_process/readme.txt",
        "Copyright");
    Read read = read("manufacturing/tennessee-eastman");
    assertThat(read.table().rows()).isEqualTo(10 + 10 + 2 * 162);
    // Line 52, field 3 of what is written column by column; line 3, field 52 of the others.
    assertThat(read.number("xmv11", 2)).isEqualTo(51.002);
    assertThat(read.number("xmv11", 12)).isEqualTo(2.051);
    assertThat(read.text("fault", 2)).isEqualTo("normal");
    assertThat(read.text("fault", 12)).isEqualTo("stream 4 valve, stuck");
    assertThat(read.text("run", 12)).isEqualTo("d21");
    // The runs to test with, 160 rows of each, then what follows.
    assertThat(read.text("run", 20 + 160)).isEqualTo("d21_te");
    assertThat(read.text("fault", 20 + 160)).isEqualTo("normal");
    assertThat(read.text("run", 20 + 322)).isEqualTo("d21_te");
    assertThat(read.text("fault", 20 + 322)).isEqualTo("stream 4 valve, stuck");
    assertThat(read.number("sample", 20 + 322)).isEqualTo(161);
    assertThat(read.text("fault", 20 + 320)).isEqualTo("normal"); // d00_te
    assertThat(read.count(Split.TEST)).isEqualTo(324);
    assertThat(read.splits().rows(Split.VALIDATION)).containsExactly(8, 9, 18, 19);
  }

  private static String rows(int lines, int fields, String separator) {
    return IntStream.range(0, lines)
        .mapToObj(
            row -> separator + line(fields, separator, i -> "%d.%03d".formatted(row, i)) + "\r\n")
        .collect(Collectors.joining());
  }
}
