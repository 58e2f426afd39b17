package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsLineUpAndAreMarkdown() {
    Table table = new Table("contestant", "examples/s").row("zone", "12,345").row("a", "6");

    assertThat(table.toString())
        .isEqualTo(
            """
            | contestant | examples/s |
            | ---------- | ---------: |
            | zone       |     12,345 |
            | a          |          6 |
            """);
  }

  @Test
  void rowOfAnotherWidthIsRefused() {
    assertThatThrownBy(() -> new Table("a", "b").row("1"))
        .hasMessage("Cannot add a row of 1 cells (expected 2)");
  }
}
