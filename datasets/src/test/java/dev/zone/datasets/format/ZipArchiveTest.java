package dev.zone.datasets.format;

import static dev.zone.datasets.DatasetBuilder.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.DataFiles;
import dev.zone.datasets.DatasetBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  private static final Limits SMALL =
      new Limits(100_000, 150_000, 3, 50, 1000, 1 << 20, 10, 100, 1 << 20);

  @TempDir Path folder;

  private List<String> faults(Limits limits) {
    Problems problems = new Problems();
    assertThat(
            TableReader.read(
                new DatasetBuilder()
                    .number("a")
                    .source(DatasetBuilder.delimited(file("data.zip")))
                    .build(),
                folder,
                limits,
                problems))
        .isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil.csv", "/evil.csv", "in/../../evil.csv", "C:evil.csv", "..\\evil.csv"})
  void refusesEntriesThatEscape(String name) {
    DataFiles.zip(folder.resolve("data.zip"), false, name, "a\n1\n");
    assertThat(faults(Limits.DEFAULT))
        .containsExactly(
            "data.zip: Cannot read zip: entry '%s' escapes its folder (expected a path inside)"
                .formatted(name));
  }

  @Test
  void refusesBombs() {
    DataFiles.zip(folder.resolve("data.zip"), false, "a.csv", "0".repeat(50_000));
    assertThat(faults(SMALL))
        .singleElement()
        .asString()
        .contains("entry 'a.csv' unpacks")
        .contains("times larger (expected at most 50 times)");
    DataFiles.zip(folder.resolve("data.zip"), true, "a.csv", "0".repeat(100_001));
    assertThat(faults(SMALL))
        .containsExactly(
            "data.zip: Cannot read zip: entry 'a.csv' unpacks to 100001 bytes (expected at most 100000)");
    String part = "0".repeat(90_000);
    DataFiles.zip(folder.resolve("data.zip"), true, "a.csv", part, "b.csv", part);
    assertThat(faults(SMALL))
        .containsExactly(
            "data.zip: Cannot read zip: it unpacks to more than 150000 bytes (expected at most that)");
    DataFiles.zip(folder.resolve("data.zip"), true, "a", "", "b", "", "c", "", "d", "");
    assertThat(faults(SMALL))
        .containsExactly("data.zip: Cannot read zip: 4 entries (expected at most 3)");
  }

  @Test
  void refusesATruncatedZip() throws IOException {
    DataFiles.zip(folder.resolve("data.zip"), false, "a.csv", "a\n1\n2\n");
    byte[] whole = Files.readAllBytes(folder.resolve("data.zip"));
    Files.write(folder.resolve("data.zip"), Arrays.copyOf(whole, whole.length - 10));
    assertThat(faults(Limits.DEFAULT))
        .singleElement()
        .asString()
        .startsWith("data.zip: Cannot read zip: ")
        .endsWith("(expected a complete zip)");
  }

  @Test
  void refusesAnEntryWhoseBytesChanged() throws IOException {
    DataFiles.zip(folder.resolve("data.zip"), true, "a.csv", "a\n1\n2\n");
    String whole = Files.readString(folder.resolve("data.zip"), StandardCharsets.ISO_8859_1);
    Files.writeString(
        folder.resolve("data.zip"),
        whole.replace("a\n1\n2\n", "a\n1\n3\n"),
        StandardCharsets.ISO_8859_1);
    assertThat(faults(Limits.DEFAULT))
        .containsExactly(
            "data.zip!/a.csv: Cannot read file: entry a.csv does not match its checksum (expected a complete file)");
  }

  @Test
  void saysThatNoEntryIsData() {
    DataFiles.zip(folder.resolve("data.zip"), true, "__MACOSX/a.csv", "a\n1\n");
    assertThat(faults(Limits.DEFAULT))
        .containsExactly("data.zip: Cannot find data in zip (expected entries '**')");
  }
}
