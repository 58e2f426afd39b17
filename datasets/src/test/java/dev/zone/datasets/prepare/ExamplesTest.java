package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.WindowSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  /** Two series whose rows alternate and stand in falling time: 7 rows of one, 2 of the other. */
  private static final double[] GROUP = {1, 2, 1, 1, 2, 1, 1, 1, 1};

  private static Table table() {
    Origins.Builder origins = new Origins.Builder();
    origins.begin(new Origins.Source("f", Origins.Kind.LINE, Optional.empty(), List.of()));
    IntStream.range(0, 9).forEach(origins::add);
    return new Table(
        Map.of(
            "g", NumberColumn.of(9, row -> GROUP[row]),
            "t", NumberColumn.of(9, row -> row == 8 && GROUP[8] == 0 ? Double.NaN : -row)),
        origins.build());
  }

  private static WindowSpec windows(
      int length, int stride, WindowSpec.Pad pad, WindowSpec.Test test) {
    return new WindowSpec(
        Optional.of("g"),
        Optional.of("t"),
        length,
        stride,
        pad,
        test,
        Optional.empty(),
        1,
        WindowSpec.Targets.LAST);
  }

  private static int[] ends(WindowSpec spec, Split split) {
    Problems problems = new Problems();
    Examples examples =
        Examples.ofWindows(table(), IntStream.range(0, 9).toArray(), spec, split, problems);
    assertThat(problems.list()).isEmpty();
    return IntStream.range(0, examples.size()).map(examples::row).toArray();
  }

  @Test
  void cutsEachSeriesInTimesOrder() {
    // Series 1 in time's order: rows 8 7 6 5 3 2 0; series 2: 4 1.
    WindowSpec spec = windows(3, 2, WindowSpec.Pad.FIRST, WindowSpec.Test.LAST);
    assertThat(ends(spec, Split.TRAIN)).containsExactly(6, 3, 0, 1);
    assertThat(ends(spec, Split.TEST)).containsExactly(0, 1);
  }

  @Test
  void dropsShortSeriesIfAsked() {
    WindowSpec spec = windows(3, 1, WindowSpec.Pad.DROP, WindowSpec.Test.ALL);
    assertThat(ends(spec, Split.TEST)).containsExactly(6, 5, 3, 2, 0);
  }

  @Test
  void saysWhichColumnIsMissing() {
    Problems problems = new Problems();
    WindowSpec spec =
        new WindowSpec(
            Optional.of("gg"),
            Optional.of("time"),
            3,
            1,
            WindowSpec.Pad.FIRST,
            WindowSpec.Test.ALL,
            Optional.empty(),
            1,
            WindowSpec.Targets.LAST);
    Examples none = Examples.ofWindows(table(), new int[] {0, 1}, spec, Split.TRAIN, problems);
    assertThat(none.order()).hasSize(2);
    assertThat(problems.list().stream().map(Problem::toString))
        .containsExactly(
            "windows.group: Cannot find column 'gg' in the dataset, did you mean 'g'?",
            "windows.time: Cannot find column 'time' in the dataset");
  }
}
