package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fields are looked at eight bytes at a time: they are to be what any other reader makes of them.
 */
class UnquotedTextTest {
  private static final String SOURCE = "{format: delimited, files: [{path: a.csv}]}";
  private static final String[] TEXTS = {
    "good", "worn", "a", "ab", "seven77", "eight888", "nine99999", " blank ", "größe", "0", "NA", ""
  };
  private static final String[] NUMERALS = {
    "0",
    "-0",
    "00",
    ".5",
    "-.5",
    "5.",
    "-5.",
    "+7",
    "1e3",
    "-2.5E-3",
    " 12 ",
    "12345678",
    "-12345678",
    "12345678.",
    "1234567.8",
    "12345678.9",
    "123456789012345",
    "1234567890123456",
    "123456789012345678",
    "1234567890123456789",
    "9007199254740993",
    "0.1234567",
    "0.12345678",
    "12345678.1234567",
    "12345678.12345678",
    "NA",
    "",
    "NaN"
  };

  @TempDir Path folder;

  private static String numeral(Random random) {
    if (random.nextInt(4) == 0) {
      return NUMERALS[random.nextInt(NUMERALS.length)];
    }
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    text.append(random.nextInt(10));
    for (int left = random.nextInt(12); left > 0; left--) {
      text.append(random.nextInt(10));
    }
    if (random.nextBoolean()) {
      text.append('.');
      for (int left = random.nextInt(9); left > 0; left--) {
        text.append(random.nextInt(10));
      }
    }
    return text.toString();
  }

  private void write(int rows) throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("x,kind,y\n");
    for (int row = 0; row < rows; row++) {
      String kind = TEXTS[random.nextInt(TEXTS.length)];
      String[] ends = {"\n", "\r\n", "\r", "\n\n"};
      text.append(numeral(random)).append(',').append(kind).append(',').append(numeral(random));
      text.append(ends[random.nextInt(ends.length)]);
    }
    Files.writeString(folder.resolve("a.csv"), text);
  }

  private List<String> whole(DatasetSpec dataset) {
    Problems problems = new Problems();
    return Admitted.whole(dataset, folder, problems)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  @Test
  void readsAnyFieldAsItIsReadWithQuotes() throws IOException {
    write(20_000);
    DatasetSpec dataset = Admitted.descriptor(SOURCE, "x: {}, kind: {type: category}, y: {}");
    Admitted admitted = Admitted.of(dataset, folder, Limits.DEFAULT);
    assertThat(admitted.problems).isEmpty();
    assertThat(admitted.bad).isEmpty();
    assertThat(admitted.good).isEqualTo(whole(dataset));
  }

  @Test
  void setsAsideWhatIsNoNumber() throws IOException {
    String[] wrong = {
      "-", ".", "--5", "5-", "1.2.3", "12345678x", "1234567890-", "5x", "-.", "0x1"
    };
    StringBuilder text = new StringBuilder("x\n");
    for (String each : wrong) {
      text.append(each).append('\n');
    }
    // Behind it are enough bytes for the fields before to be looked at by eights.
    Files.writeString(folder.resolve("a.csv"), text + "1.5\n123456789\n2\n3\n4\n5\n6\n7\n8\n9\n");
    Admitted admitted = Admitted.of(Admitted.descriptor(SOURCE, "x: {}"), folder, Limits.DEFAULT);
    assertThat(admitted.bad).hasSize(wrong.length);
    for (int i = 0; i < wrong.length; i++) {
      assertThat(admitted.bad.get(i)).contains("'" + wrong[i] + "' (expected a number)");
    }
    assertThat(admitted.good).hasSize(10).contains("a.csv:12 | 1.5", "a.csv:13 | 1.23456789E8");
  }

  @Test
  void readsTheSameWhereMemoryIsUsedAgain() throws IOException {
    write(3000);
    DatasetSpec dataset = Admitted.descriptor(SOURCE, "x: {}, kind: {type: category}, y: {}");
    List<String> rows = Collections.synchronizedList(new ArrayList<>());
    Problems problems = new Problems();
    TableReader.admit(
        dataset,
        folder,
        Admitted.pieces(500),
        new Pieces() {
          @Override
          public void inOrder(Piece piece) {}

          @Override
          public void take(Piece piece) {
            for (int row = 0; row < piece.table().rows(); row++) {
              rows.add(Admitted.row(piece.table(), row));
            }
            piece.done();
            // Twice is as once.
            piece.done();
          }
        },
        problems);
    assertThat(problems.list()).isEmpty();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(whole(dataset));
  }
}
