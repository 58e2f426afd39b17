package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TarFiles;
import dev.zone.datasets.parquet.ParquetTables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damaged files of tables end in rows that are right, rows that are set aside with a reason, or a
 * reason why the file cannot be used; never in anything else.
 */
class TableFuzzTest {
  private static final long SLOW_NANOS = 10_000_000_000L;
  private static final String COLUMNS =
      "x: {range: [0, 120], missing: false}, lot: {type: text}, y: {type: category, role: label, classes: {0: good, 1: bad}}";

  @TempDir private Path folder;

  private static String text(String separator, boolean quotes) {
    StringBuilder text = new StringBuilder(String.join(separator, "x", "lot", "y") + "\n");
    for (int row = 0; row < 40; row++) {
      String lot = quotes && row % 3 == 0 ? "\"A, \"\"" + row + "\"\"\nß\"" : "lot" + row;
      text.append(String.join(separator, row + ".25", lot, Integer.toString(row % 2))).append('\n');
    }
    return text.toString();
  }

  private static String json() {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 40; row++) {
      text.append("{\"x\": %d.25, \"lot\": \"ß%d\", \"y\": %d}\n".formatted(row, row, row % 2));
    }
    return text.toString();
  }

  private byte[] parquet() throws IOException {
    Files.writeString(folder.resolve("source.csv"), text(",", true));
    Table table =
        TableReader.read(
                Admitted.descriptor(
                    "{format: delimited, files: [{path: source.csv}]}",
                    COLUMNS.replace("0: good, 1: bad", "0: '0', 1: '1'")),
                folder,
                Limits.DEFAULT,
                new Problems())
            .orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ParquetTables.write(table, Set.of(), row -> true, out);
    return out.toByteArray();
  }

  private byte[] whole(String kind) throws IOException {
    byte[] plain = text(",", true).getBytes(StandardCharsets.UTF_8);
    return switch (kind) {
      case "csv" -> text(",", false).getBytes(StandardCharsets.UTF_8);
      case "quoted" -> plain;
      case "gb18030" -> text(",", true).replace("ß", "轴承").getBytes(Charset.forName("GB18030"));
      case "utf16" -> text(",", true).getBytes(StandardCharsets.UTF_16);
      case "blanks" -> text(" ", false).getBytes(StandardCharsets.UTF_8);
      case "gz", "xz", "zst" -> DataFiles.pack(kind, plain);
      case "zip" -> {
        DataFiles.zip(folder.resolve("made.zip"), false, "d/a.csv", text(",", true));
        yield Files.readAllBytes(folder.resolve("made.zip"));
      }
      case "tar.gz" -> TarFiles.gzip(TarFiles.tar("d/a.csv", plain, "b.csv", plain));
      case "jsonl" -> json().getBytes(StandardCharsets.UTF_8);
      default -> parquet();
    };
  }

  private static DatasetSpec descriptor(String kind, String name) {
    String more =
        switch (kind) {
          case "gb18030" -> ", encoding: GB18030";
          case "utf16" -> ", encoding: UTF-16";
          case "blanks" -> ", separator: whitespace";
          default -> "";
        };
    String format =
        switch (kind) {
          case "jsonl" -> "jsonLines";
          case "parquet" -> "parquet";
          default -> "delimited";
        };
    return Admitted.descriptor(
        "{format: %s, files: [{path: %s}]%s}".formatted(format, name, more), COLUMNS);
  }

  @ParameterizedTest
  @CsvSource({
    "csv", "quoted", "gb18030", "utf16", "blanks", "gz", "xz", "zst", "zip", "tar.gz", "jsonl",
    "parquet"
  })
  void endsInRowsThatAreRightOrInReasons(String kind) throws IOException {
    String name =
        "a." + (Set.of("quoted", "gb18030", "utf16", "blanks").contains(kind) ? "csv" : kind);
    name = Set.of("gz", "xz", "zst").contains(kind) ? "a.csv." + kind : name;
    byte[] whole = whole(kind);
    DatasetSpec dataset = descriptor(kind, name);
    assertThat(admit(kind + " undamaged", name, whole, dataset)).isGreaterThanOrEqualTo(40);
    Random random = new Random(7);
    int rows = 0;
    long start = System.nanoTime();
    for (int i = 0; i < FuzzTest.FILES; i++) {
      rows += admit(kind + " number " + i, name, FuzzTest.damaged(whole, random), dataset);
    }
    System.out.printf(
        "%s: %d files in %.1f s, %d rows of them taken%n",
        kind, FuzzTest.FILES, (System.nanoTime() - start) / 1e9, rows);
  }

  private int admit(String what, String name, byte[] bytes, DatasetSpec dataset)
      throws IOException {
    Files.write(folder.resolve(name), bytes);
    Problems problems = new Problems();
    AtomicInteger right = new AtomicInteger();
    long start = System.nanoTime();
    try {
      TableReader.admit(
          dataset,
          folder,
          FuzzTest.LIMITS,
          new Pieces() {
            @Override
            public void inOrder(Piece piece) {
              piece.complete();
              for (Rejections.Rejected row : piece.rejections().rows().values()) {
                assertThat(row.reasons())
                    .as(what)
                    .isNotEmpty()
                    .allMatch(text -> text.startsWith("Cannot "));
              }
              right.addAndGet(check(what, piece));
            }

            @Override
            public void take(Piece piece) {}
          },
          problems);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + " ends in another exception", e);
    }
    assertThat(System.nanoTime() - start).as("time of %s", what).isLessThan(SLOW_NANOS);
    assertThat(problems.list())
        .as(what)
        .allMatch(problem -> problem.message().startsWith("Cannot "));
    return right.get();
  }

  /** No row that is taken is other than the descriptor says. */
  private static int check(String what, Pieces.Piece piece) {
    NumberColumn x = (NumberColumn) piece.table().column("x").orElseThrow();
    CodedColumn y = (CodedColumn) piece.table().column("y").orElseThrow();
    int right = 0;
    for (int row = 0; row < piece.table().rows(); row++) {
      if (!piece.isRejected(row)) {
        assertThat(x.value(row)).as(what).isBetween(0.0, 120.0);
        assertThat(y.code(row)).as(what).isBetween(0, 1);
        right++;
      }
    }
    return right;
  }
}
