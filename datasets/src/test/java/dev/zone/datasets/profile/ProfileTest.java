package dev.zone.datasets.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProfileTest {
  private static Table table(double[] values, String... texts) {
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("x", NumberColumn.of(values.length, row -> values[row]));
    if (texts.length > 0) {
      List<String> all = Arrays.stream(texts).distinct().toList();
      columns.put(
          "kind",
          new CodedColumn(
              IntStream.range(0, values.length)
                  .map(row -> all.indexOf(texts[row % texts.length]))
                  .toArray(),
              all,
              false));
    }
    Origins.Builder origins = new Origins.Builder();
    origins.begin(new Origins.Source("t", Origins.Kind.INDEX, Optional.empty(), List.of()));
    for (int row = 0; row < values.length; row++) {
      origins.add(row);
    }
    return new Table(columns, origins.build());
  }

  private static Profile profile(Table table) {
    return Profile.of(table, RowHashes.of(table.columns(), Set.of(), table.rows()), row -> true);
  }

  private static double[] normal(int count, double mean, int seed) {
    Random random = new Random(seed);
    return random.doubles(count).map(any -> mean + random.nextGaussian()).toArray();
  }

  @Test
  void tellsHowManyRowsOfASplitAreInAnother() {
    // Of 50,000 training rows and 20,000 test rows every tenth test row is a training row.
    double[] train = IntStream.range(0, 50_000).mapToDouble(i -> i).toArray();
    double[] test =
        IntStream.range(0, 20_000).mapToDouble(i -> i % 10 == 0 ? i : 100_000 + i).toArray();
    Profile both = profile(table(train));
    both.assign(Split.TRAIN);
    Profile tests = profile(table(test));
    tests.assign(Split.TEST);
    both.add(tests);
    Profile read = Profile.of(both.toJson());
    assertThat(read.splits().get(Split.TEST).rows()).isEqualTo(20_000);
    DistinctRows.Overlap overlap =
        read.splits().get(Split.TEST).distinct().in(read.splits().get(Split.TRAIN).distinct());
    assertThat(overlap.all()).isFalse();
    // Of the training rows the hashes up to about 8,192 of 50,000 are left.
    assertThat(overlap.looked()).isBetween(3000L, 3600L);
    assertThat(overlap.found() / (double) overlap.looked()).isCloseTo(0.1, within(0.02));

    Profile few = profile(table(new double[] {1, 2, 2, -7}));
    few.assign(Split.TEST);
    assertThat(
            few.splits().get(Split.TEST).distinct().in(profile(table(normal(3, 0, 1))).distinct()))
        .isEqualTo(new DistinctRows.Overlap(0, 3, true));
    assertThat(few.distinct().in(profile(table(new double[] {2, 1, 5})).distinct()))
        .isEqualTo(new DistinctRows.Overlap(2, 3, true));
  }

  @Test
  void isTheSameHoweverTheRowsAreCutAndJoined() {
    double[] values = normal(9000, 1013, 1);
    Profile whole = profile(table(values, "a", "b", "b"));
    for (int cut : new int[] {3, 2700, 6000}) {
      Profile joined = profile(table(Arrays.copyOfRange(values, cut, values.length)));
      joined.add(profile(table(Arrays.copyOf(values, cut))));
      ColumnProfile x = joined.columns().get("x");
      ColumnProfile expected = whole.columns().get("x");
      assertThat(x.bins().toJson()).isEqualTo(expected.bins().toJson());
      assertThat(x.mean()).isCloseTo(expected.mean(), within(1e-9));
      assertThat(x.deviation()).isCloseTo(expected.deviation(), within(1e-9));
      assertThat(x.low()).isEqualTo(expected.low());
      assertThat(x.high()).isEqualTo(expected.high());
    }
    assertThat(whole.columns().get("kind").texts()).containsEntry("a", 3000L);
    assertThat(Profile.of(whole.toJson()).toJson()).isEqualTo(whole.toJson());
  }

  @Test
  void countsFewValuesExactlyAndFindsTheMedianOfMany() {
    double[] values = new double[5000];
    Arrays.setAll(values, i -> i % 5 == 0 ? -0.0 : i % 5);
    ValueBins few = profile(table(values)).columns().get("x").bins();
    assertThat(few.isExact()).isTrue();
    assertThat(few.bins()).isEqualTo(5);
    assertThat(few.largestShare()).isEqualTo(0.2);
    ValueBins many = profile(table(normal(15_000, 1013, 2))).columns().get("x").bins();
    assertThat(many.isExact()).isFalse();
    assertThat(many.quantile(0.5)).isCloseTo(1013, within(0.1));
    assertThat(many.quantile(0.05)).isCloseTo(1013 - 1.645, within(0.1));
  }

  @Test
  void keepsFewValuesBelowAndAboveZeroAsTheyAre() {
    double[] values = new double[3000];
    Arrays.setAll(values, i -> i % 3 == 0 ? -1e300 : i % 3 == 1 ? 0 : 1e300);
    Profile profile = profile(table(values, "a"));
    assertThat(Profile.of(profile.toJson()).toJson()).isEqualTo(profile.toJson());
  }

  @Test
  void countsDifferentRowsExactlyAsLongAsTheyAreFew() {
    double[] values = new double[20_000];
    Arrays.setAll(values, i -> i % 3500);
    DistinctRows few = profile(table(values)).distinct();
    assertThat(few.isExact()).isTrue();
    assertThat(few.estimate()).isEqualTo(3500);
    double[] all = new double[300_000];
    Arrays.setAll(all, i -> i % 200_000);
    DistinctRows many = profile(table(all)).distinct();
    assertThat(many.isExact()).isFalse();
    assertThat((double) many.estimate()).isCloseTo(200_000, within(6000.0));
  }

  @Test
  void tellsHowFarValuesMoved() {
    Profile before = profile(table(normal(20_000, 0, 1), "a", "a", "a", "b"));
    Profile same = profile(table(normal(4000, 0, 2), "a", "a", "a", "b"));
    Profile moved = profile(table(normal(20_000, 0.5, 3), "a", "b"));
    Drift.ColumnDrift none = Drift.between(before, same).get("x");
    assertThat(none.verdict()).isEqualTo(Drift.Verdict.SAME);
    assertThat(none.psi()).isLessThan(0.02);
    Map<String, Drift.ColumnDrift> drifts = Drift.between(before, moved);
    // Of two normal distributions a distance d apart: index near d^2, distance 2 Phi(d / 2) - 1.
    assertThat(drifts.get("x").psi()).isCloseTo(0.25, within(0.04));
    assertThat(drifts.get("x").ks().orElseThrow()).isCloseTo(0.1974, within(0.02));
    assertThat(drifts.get("x").verdict()).isNotEqualTo(Drift.Verdict.SAME);
    // (0.5 - 0.75) ln(0.5 / 0.75) + (0.5 - 0.25) ln(0.5 / 0.25)
    assertThat(drifts.get("kind").psi()).isCloseTo(0.27465, within(1e-3));
    assertThat(drifts.get("kind").verdict()).isEqualTo(Drift.Verdict.FAR);
    // Of few rows chance alone moves much.
    Profile few = profile(table(normal(12, 0, 5)));
    assertThat(Drift.between(before, few).get("x").verdict()).isEqualTo(Drift.Verdict.SAME);
  }

  @Test
  void isOfTheNumbersThatAreThereAndWanted() {
    double[] values = normal(10_000, -3, 5);
    for (int row = 0; row < values.length; row += 7) {
      values[row] = Double.NaN;
    }
    Table table = table(values);
    long[] hashes = RowHashes.of(table.columns(), Set.of(), table.rows());
    double[] left =
        IntStream.range(0, values.length)
            .filter(row -> row % 3 > 0)
            .mapToDouble(row -> values[row])
            .toArray();
    assertThat(Profile.of(table, hashes, row -> row % 3 > 0).toJson())
        .isEqualTo(profile(table(left)).toJson());
    double[] there = Arrays.stream(left).filter(each -> !Double.isNaN(each)).toArray();
    ColumnProfile x = profile(table(left)).columns().get("x");
    assertThat(x.missing()).isEqualTo(left.length - there.length);
    assertThat(x.mean()).isEqualTo(Arrays.stream(there).reduce(0, Double::sum) / there.length);
    assertThat(x.bins().toJson())
        .isEqualTo(profile(table(there)).columns().get("x").bins().toJson());
  }

  @Test
  void tellsZerosApartAtTheEndsOfTheRange() {
    ColumnProfile mixed = profile(table(new double[] {0.0, -0.0, 0.0})).columns().get("x");
    assertThat(Double.doubleToRawLongBits(mixed.low())).isEqualTo(Long.MIN_VALUE);
    assertThat(Double.doubleToRawLongBits(mixed.high())).isZero();
    ColumnProfile negative = profile(table(new double[] {-0.0, -1})).columns().get("x");
    assertThat(Double.doubleToRawLongBits(negative.high())).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void countsRowsThatComeAgainAndAgainOnce() {
    DistinctRows once = new DistinctRows();
    DistinctRows often = new DistinctRows();
    Random random = new Random(7);
    long[] hashes = random.longs(30_000).toArray();
    for (int round = 0; round < 5; round++) {
      for (long hash : hashes) {
        often.add(hash);
        if (round == 0) {
          once.add(hash);
        }
      }
    }
    assertThat(often.toText()).isEqualTo(once.toText());
    assertThat(often.estimate()).isCloseTo(30_000L, within(900L));
  }
}
