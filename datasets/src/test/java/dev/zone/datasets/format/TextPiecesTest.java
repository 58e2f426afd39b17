package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Text that is read in pieces is what it is when it is read as a whole. */
@Timeout(60)
class TextPiecesTest {
  private static final String COLUMNS = "a: {type: text}, b: {}, c: {type: text}";

  @TempDir private Path folder;

  private static DatasetSpec csv(String more) {
    return Admitted.descriptor(
        "{format: delimited, files: [{path: 'data.*'}]" + more + "}", COLUMNS);
  }

  private Path write(String name, String text, Charset charset) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(charset));
  }

  @Test
  void cutsBetweenRecordsWhereverQuotesAndLineEndsStand() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] ends = {"\n", "\r\n", "\r"};
    for (int round = 0; round < 60; round++) {
      String end = ends[random.nextInt(ends.length)];
      boolean quotes = random.nextInt(3) > 0;
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
      text.append(random.nextInt(4) == 0 ? end : "").append("a,b,c").append(end);
      for (int row = random.nextInt(200); row >= 0; row--) {
        text.append(field(random, quotes)).append(',').append(random.nextInt(1000)).append(',');
        text.append(field(random, quotes));
        text.append(row > 0 || random.nextBoolean() ? end : "");
        text.append(random.nextInt(20) == 0 && row > 0 ? end : "");
      }
      write("data.csv", text.toString(), StandardCharsets.UTF_8);
      Problems problems = new Problems();
      List<String> whole = Admitted.whole(csv(""), folder, problems).orElseThrow();
      Admitted admitted = Admitted.of(csv(""), folder, Admitted.pieces(80 + random.nextInt(500)));
      assertThat(admitted.problems).as("seed %d round %d", seed, round).isEmpty();
      assertThat(admitted.bad).isEmpty();
      assertThat(admitted.good).as("seed %d round %d", seed, round).isEqualTo(whole);
    }
  }

  private static String field(Random random, boolean quotes) {
    String[] plain = {"x", "weiß", "", "5\" pipe", "two words", "日本", "a'b"};
    String[] quoted = {"\"\"", "\"a,b\"", "\"line\none\"", "\"line\r\ntwo\"", "\"say \"\"so\"\"\""};
    int which = random.nextInt(quotes ? plain.length + quoted.length : plain.length);
    String field = which < plain.length ? plain[which] : quoted[which - plain.length];
    return quotes ? field : field.replace("\"", "");
  }

  @Test
  void keepsALineOfAWrongRowInALaterPiece() throws IOException {
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int row = 2; row < 400; row++) {
      text.append(row).append(row % 100 == 0 ? ",wrong,\"x, y\"\n" : ",1,z\n");
    }
    write("data.csv", text.toString(), StandardCharsets.UTF_8);
    Admitted admitted = Admitted.of(csv(""), folder, Admitted.pieces(300));
    assertThat(admitted.pieces()).isGreaterThan(5);
    assertThat(admitted.good).hasSize(395);
    assertThat(admitted.bad)
        .containsExactly(
            "data.csv:100 100,wrong,\"x, y\" Cannot read column 'b': 'wrong' (expected a number)",
            "data.csv:200 200,wrong,\"x, y\" Cannot read column 'b': 'wrong' (expected a number)",
            "data.csv:300 300,wrong,\"x, y\" Cannot read column 'b': 'wrong' (expected a number)");
  }

  @Test
  void refusesARowThatDoesNotEnd() throws IOException {
    write("data.csv", "a,b,c\n1,2,3\n\"" + "x\n".repeat(5000), StandardCharsets.UTF_8);
    assertThat(Admitted.of(csv(""), folder, Admitted.pieces(1000)).problems)
        .containsExactly("data.csv: Cannot read text: a row of more than 1000 bytes (line 3)");
    write("data.csv", "a,b,c\n1,2,3\n1,2,\"x", StandardCharsets.UTF_8);
    assertThat(Admitted.of(csv(""), folder, Limits.DEFAULT).problems)
        .containsExactly(
            "data.csv: Cannot read text: Unclosed quoted field at end of input (record starting at line 3)");
  }

  @Test
  void readsOtherCharacterSets() throws IOException {
    String text = "a,b,c\n轴承故障,1,正常\n温度,2,\"异,常\"\n";
    for (String charset : List.of("GB18030", "UTF-16", "UTF-16LE", "Big5")) {
      write(
          "data.csv",
          charset.equals("Big5") ? text.replaceAll("[轴承故障温度异]", "中") : text,
          Charset.forName(charset));
      Admitted admitted = Admitted.of(csv(", encoding: " + charset), folder, Admitted.pieces(40));
      assertThat(admitted.problems).as(charset).isEmpty();
      assertThat(admitted.good).as(charset).hasSize(2);
      assertThat(admitted.good.get(0)).endsWith("| 1.0 | 正常");
    }
    write("data.csv", text, Charset.forName("GB18030"));
    assertThat(Admitted.of(csv(""), folder, Limits.DEFAULT).problems)
        .containsExactly("data.csv: Cannot read text: bytes that are not in the encoding UTF-8");
    Files.write(folder.resolve("data.csv"), new byte[] {'a', 0, (byte) 0xff, (byte) 0xdf, 0x7f});
    assertThat(Admitted.of(csv(", encoding: UTF-16LE"), folder, Limits.DEFAULT).problems)
        .containsExactly("data.csv: Cannot read text: bytes that are not in the encoding UTF-16LE");
  }

  @Test
  void readsDecimalCommasAndSkipsLinesBeforeTheHeader() throws IOException {
    write(
        "data.csv",
        "made by\r\na machine\r\na;b;c\r\nx;1,5;y\r\nx;-0,25e1;y\r\nx;1.5;y\r\n",
        StandardCharsets.UTF_8);
    Admitted admitted =
        Admitted.of(csv(", separator: ';', decimal: ',', skip: 2"), folder, Limits.DEFAULT);
    assertThat(admitted.good)
        .containsExactly("data.csv:4 | x | 1.5 | y", "data.csv:5 | x | -2.5 | y");
    assertThat(admitted.bad)
        .containsExactly("data.csv:6 x;1.5;y Cannot read column 'b': '1.5' (expected a number)");
  }

  @Test
  void unpacksFilesThatArePacked() throws IOException {
    String text = "a,b,c\nx,1,y\n";
    for (String ending : List.of("gz", "xz", "zst")) {
      Files.deleteIfExists(folder.resolve("data.csv.gz"));
      Files.deleteIfExists(folder.resolve("data.csv.xz"));
      byte[] packed = DataFiles.pack(ending, text.getBytes(StandardCharsets.UTF_8));
      Path file = folder.resolve("data.csv." + ending);
      Files.write(file, packed);
      Admitted admitted = Admitted.of(csv(""), folder, Limits.DEFAULT);
      assertThat(admitted.problems).isEmpty();
      assertThat(admitted.good).containsExactly("data.csv." + ending + ":2 | x | 1.0 | y");

      Files.write(file, Arrays.copyOf(packed, packed.length - 9));
      assertThat(Admitted.of(csv(""), folder, Limits.DEFAULT).problems)
          .singleElement()
          .asString()
          .startsWith("data.csv." + ending + ": Cannot unpack file: ");
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
      assertThat(Admitted.of(csv(""), folder, Limits.DEFAULT).problems)
          .singleElement()
          .asString()
          .startsWith("data.csv." + ending + ": Cannot unpack file: ");
    }
  }

  @Test
  void readsTheTextsOfATar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (String name : List.of("d/b.csv", "d/readme.txt", "a.csv")) {
        byte[] text = ("a,b,c\n" + name + ",1,y\n").getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(text.length);
        tar.putArchiveEntry(entry);
        tar.write(text);
        tar.closeArchiveEntry();
      }
    }
    Files.write(folder.resolve("data.tar.gz"), bytes.toByteArray());
    DatasetSpec dataset =
        Admitted.descriptor(
            "{format: delimited, files: [{path: data.tar.gz, entries: '**/*.csv'}]}", COLUMNS);
    Admitted admitted = Admitted.of(dataset, folder, Limits.DEFAULT);
    assertThat(admitted.problems).isEmpty();
    assertThat(admitted.good)
        .containsExactly(
            "data.tar.gz!/d/b.csv:2 | d/b.csv | 1.0 | y", "data.tar.gz!/a.csv:2 | a.csv | 1.0 | y");
  }

  @Test
  void refusesWhatUnpacksToFarMore() throws IOException {
    byte[] bomb = new byte[90 << 20];
    Arrays.fill(bomb, (byte) '\n');
    System.arraycopy("a,b,c".getBytes(StandardCharsets.UTF_8), 0, bomb, 0, 5);
    Files.write(folder.resolve("data.csv.zst"), DataFiles.pack("zst", bomb));
    assertThat(Admitted.of(csv(""), folder, Limits.DEFAULT).problems)
        .containsExactly(
            "data.csv.zst: Cannot unpack file: it becomes more than 500 times larger (expected at most that)");
  }

  @Test
  void setsImagesAsideThatCannotBeUsed() {
    byte[] right = DataFiles.ppm(3, 2, 1, 2, 3);
    DataFiles.zip(
        folder.resolve("a.zip"),
        false,
        "good/1.ppm",
        right,
        "good/2.ppm",
        Arrays.copyOf(right, right.length - 1),
        "bad/3.ppm",
        DataFiles.ppm(2, 2, 1, 2, 3),
        "worn/4.ppm",
        right,
        "bad/5.ppm",
        right);
    DatasetSpec dataset =
        Admitted.descriptor(
            "{format: images, files: [{path: a.zip, name: '(?<kind>[a-z]+)/'}]}",
            "image: {type: tensor, shape: [2, 3, 3], missing: false}, kind: {type: category, role: label, classes: {good: good, bad: bad}}");
    Admitted admitted = Admitted.of(dataset, folder, Limits.DEFAULT);
    assertThat(admitted.problems).isEmpty();
    assertThat(admitted.good)
        .extracting(row -> row.replaceAll(" .*", ""))
        .containsExactly("a.zip!/bad/5.ppm", "a.zip!/good/1.ppm");
    assertThat(admitted.bad)
        .extracting(row -> row.substring(0, row.indexOf(" (expected")))
        .containsExactly(
            "a.zip!/bad/3.ppm  Cannot use image of shape [2, 2, 3]",
            "a.zip!/good/2.ppm  Cannot read image: the image ends after 17 of 18 bytes",
            "a.zip!/worn/4.ppm  Cannot use column 'kind': 'worn' is none of the classes");
  }

  @Test
  void readsJsonLines() throws IOException {
    DataFiles.text(
        folder.resolve("data.jsonl"),
        "{\"x\": 1.5, \"kind\": \"good\", \"map\": [[1, 2], [3, 4]], \"more\": {\"a\": []}}",
        "",
        "{\"kind\": \"bad\", \"map\": [1, 2, 3, 4], \"x\": null}",
        "{\"x\": true, \"kind\": \"bad\", \"map\": [1, 2, 3, 4], \"kind\": \"good\"}",
        "{\"x\": \"-2e3\", \"map\": [1, 2, 3], \"kind\": \"other\"}",
        "{\"x\": 1, \"kind\"",
        "[1]",
        "{\"x\": {}, \"kind\": [1], \"map\": 4} ",
        "{\"x\": NaN, \"kind\": \"bad\"}",
        "{\"x\": 7, \"kind\": \"bad\", \"map\": [0, 0, 0, 0]} x");
    DatasetSpec dataset =
        Admitted.descriptor(
            "{format: jsonLines, files: [{path: data.jsonl, values: {lot: A}}]}",
            "x: {}, kind: {type: category, role: label, classes: {good: good, bad: bad}}, map: {type: tensor, shape: [2, 2], missing: false}, lot: {type: text}");
    for (int bytes : new int[] {200, 1 << 20}) {
      Admitted admitted = Admitted.of(dataset, folder, Admitted.pieces(bytes));
      assertThat(admitted.problems).isEmpty();
      assertThat(admitted.good)
          .containsExactly(
              "data.jsonl:1 | 1.5 | good | [1.0, 2.0, 3.0, 4.0] | A",
              "data.jsonl:3 | NaN | bad | [1.0, 2.0, 3.0, 4.0] | A");
      assertThat(admitted.bad)
          .extracting(line -> line.replaceAll("^(\\S+) .*?(Cannot .*)$", "$1 $2"))
          .containsExactly(
              "data.jsonl:4 Cannot use column 'kind': it is there twice (expected once)",
              "data.jsonl:5 Cannot use column 'map': 3 numbers (expected 4)",
              "data.jsonl:6 Cannot read row: '{\"x\": 1, \"kind\"' (expected an object of JSON)",
              "data.jsonl:7 Cannot read row: '[1]' (expected an object of JSON)",
              "data.jsonl:8 Cannot read column 'x': an object (expected a value)",
              "data.jsonl:9 Cannot read row: '{\"x\": NaN, \"kind\": \"bad\"}' (expected an object of JSON)",
              "data.jsonl:10 Cannot read row: '{\"x\": 7, \"kind\": \"bad\", \"map\": [0, 0, 0, 0]} x' (expected an object of JSON)");
    }
  }
}
