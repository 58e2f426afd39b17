package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path folder;

  @Test
  void caseMeasuredAgainReplacesItsSectionAndLeavesTheOthers() throws IOException {
    Results results = new Results(folder, LocalDate.of(2026, 1, 2));
    results.write("- a machine", new Section("cnn", "old figures", Optional.of("<svg/>")));
    results.write("- a machine", new Section("mlp", "other figures"));
    Path file = results.write("- a machine", new Section("cnn", "new figures"));

    assertThat(file).hasFileName("2026-01-02.md");
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            # Measured on 2026-01-02

            ## cnn

            new figures

            Measured with:

            - a machine

            ## mlp

            other figures

            Measured with:

            - a machine
            """);
  }

  @Test
  void chartStandsBesideTheTextThatShowsIt() throws IOException {
    Results results = new Results(folder, LocalDate.of(2026, 1, 2));
    Path file = results.write("- a machine", new Section("cnn", "t", Optional.of("<svg/>")));

    assertThat(Files.readString(file)).contains("![cnn](2026-01-02-cnn.svg)");
    assertThat(folder.resolve("2026-01-02-cnn.svg")).hasContent("<svg/>");
  }
}
