package dev.zone.datasets.transform;

import static dev.zone.datasets.transform.Data.NAN;
import static dev.zone.datasets.transform.Data.apply;
import static dev.zone.datasets.transform.Data.clip;
import static dev.zone.datasets.transform.Data.fit;
import static dev.zone.datasets.transform.Data.impute;
import static dev.zone.datasets.transform.Data.numbers;
import static dev.zone.datasets.transform.Data.row;
import static dev.zone.datasets.transform.Data.sigmas;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.TransformSpec;
import dev.zone.conf.TransformSpec.Impute.Strategy;
import dev.zone.conf.TransformSpec.Resize.Interpolation;
import dev.zone.conf.TransformSpec.Select.By;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.SeededRandom;
import dev.zone.datasets.transform.Data.Labels;
import dev.zone.datasets.transform.Data.Lines;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Shape TYPED =
      Shape.features(List.of(new Field("type", List.of("L", "M", "H")), Field.number("speed")));
  private static final TransformSpec STANDARDISE = new TransformSpec.Standardise();
  private static final TransformSpec ONE_HOT = new TransformSpec.OneHot();

  @Test
  void showsHowMuchOfEachBinAValueFills() {
    Lines rows = new Lines(row(0, 5), row(4, 5), row(1, 5));
    Pipeline pipeline = fit(numbers(2), rows, new TransformSpec.PiecewiseLinear(4));
    assertThat(pipeline.out().dims()).containsExactly(10);
    assertThat(pipeline.out().fields().get(2).name()).isEqualTo("a/2");
    float[] out = new float[10];
    pipeline.apply(row(1.5f, 5), out);
    assertThat(out).containsExactly(1.5f, 1, 0.5f, 0, 0, 5, 0, 0, 0, 0);
    pipeline.apply(row(-3, 9), out);
    assertThat(out).containsExactly(-3, 0, 0, 0, 0, 9, 0, 0, 0, 0);
    pipeline.apply(row(7, 9), out);
    assertThat(out).containsExactly(7, 1, 1, 1, 1, 9, 0, 0, 0, 0);
  }

  @Test
  void givesTheValuesThemselvesWithoutTransforms() {
    Pipeline pipeline = fit(numbers(2), new Lines(row(1, 2)));
    assertThat(apply(pipeline, 5, -6)).containsExactly(5, -6);
    assertThat(pipeline.out()).isEqualTo(numbers(2));
  }

  @Test
  void scalesByGivenNumbers() {
    Pipeline pipeline = fit(numbers(1), new Lines(row(1)), new TransformSpec.Scale(255, 51));
    assertThat(apply(pipeline, 306)).containsExactly(1);
    assertThat(apply(pipeline, 51)).containsExactly(0);
  }

  @Test
  void standardisesWithThePopulationsDeviation() {
    Pipeline pipeline = fit(numbers(2), new Lines(row(2, 7), row(4, 7), row(9, 7)), STANDARDISE);
    // Mean 5, squares 9 + 1 + 16 = 26, deviation sqrt(26 / 3).
    double deviation = Math.sqrt(26.0 / 3);
    assertThat(apply(pipeline, 9, 7)).containsExactly((float) (4 / deviation), 0);
  }

  @Test
  void standardisesAConstantColumnToZeroWhateverComes() {
    // 0.1f summed up is not exactly so many times 0.1f: extremes must tell that it is constant.
    Shape window = Shape.window(List.of(Field.number("a")), 1000);
    float[] constant = new float[1000];
    Arrays.fill(constant, 0.1f);
    Pipeline pipeline = fit(window, new Lines(constant, constant), STANDARDISE);
    float[] other = new float[1000];
    Arrays.fill(other, 3);
    float[] out = new float[1000];
    pipeline.apply(other, out);
    assertThat(out).containsOnly(0);
  }

  @Test
  void keepsItsDigitsWhereTheMeanIsLargeAgainstTheDeviation() {
    // Single precision holds 2^23 + 0, 1, 2: the naive sum of squares has lost them all.
    double base = 1 << 23;
    Pipeline pipeline =
        fit(numbers(1), new Lines(row(base), row(base + 1), row(base + 2)), STANDARDISE);
    assertThat(apply(pipeline, base + 2)[0])
        .isCloseTo((float) Math.sqrt(1.5), Offset.offset(1e-6f));
  }

  @Test
  void movesSmallestAndLargestToTheRange() {
    Pipeline pipeline =
        fit(
            numbers(2),
            new Lines(row(-3, 5), row(7, 5), row(2, 5)),
            new TransformSpec.MinMax(-1, 1));
    assertThat(apply(pipeline, -3, 5)).containsExactly(-1, -1);
    assertThat(apply(pipeline, 7, 9)).containsExactly(1, -1);
    assertThat(apply(pipeline, 2, 5)).containsExactly(0, -1);
  }

  @Test
  void imputesMeanMedianAndConstant() {
    Lines rows = new Lines(row(1), row(2), row(NAN), row(6), row(100));
    assertThat(apply(fit(numbers(1), rows, impute(Strategy.MEAN, 0)), NAN)[0]).isEqualTo(27.25f);
    assertThat(apply(fit(numbers(1), rows, impute(Strategy.MEDIAN, 0)), NAN)[0]).isEqualTo(4f);
    assertThat(apply(fit(numbers(1), rows, impute(Strategy.CONSTANT, -7)), NAN)[0]).isEqualTo(-7f);
    assertThat(apply(fit(numbers(1), rows, impute(Strategy.MEDIAN, 0)), 5)[0]).isEqualTo(5f);
  }

  @Test
  void findsTheExactMedianOfAnyNumbers() {
    SeededRandom random = new SeededRandom(3);
    for (int count : new int[] {1, 2, 3, 10, 101, 1000}) {
      float[][] lines = new float[count][3];
      for (float[] line : lines) {
        line[0] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6));
        line[1] = random.nextInt(3) - 1;
        line[2] = Float.intBitsToFloat(random.nextInt(Integer.MAX_VALUE) & 0x3fffffff);
      }
      Pipeline pipeline = fit(numbers(3), new Lines(lines), impute(Strategy.MEDIAN, 0));
      float[] medians = apply(pipeline, NAN, NAN, NAN);
      for (int column = 0; column < 3; column++) {
        int at = column;
        float[] sorted = new float[count];
        IntStream.range(0, count).forEach(i -> sorted[i] = lines[i][at]);
        Arrays.sort(sorted);
        double expected = ((double) sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        assertThat(medians[column]).isEqualTo((float) expected);
      }
    }
  }

  @Test
  void addsAColumnForEachThatMissesValuesInTraining() {
    Lines rows = new Lines(row(1, 2, 3), row(NAN, 2, 3), row(1, 2, NAN));
    Pipeline pipeline =
        fit(numbers(3), rows, new TransformSpec.MissingIndicator(), impute(Strategy.CONSTANT, 0));
    assertThat(pipeline.out().fields())
        .extracting(Field::name)
        .containsExactly("a", "b", "c", "a missing", "c missing");
    assertThat(apply(pipeline, NAN, NAN, 5)).containsExactly(0, 0, 5, 1, 0);
  }

  @Test
  void clipsToBoundsOrDeviations() {
    Lines rows = new Lines(row(-1), row(1));
    assertThat(apply(fit(numbers(1), rows, clip(-0.5, 3)), -1)).containsExactly(-0.5f);
    assertThat(apply(fit(numbers(1), rows, sigmas(2)), 9)).containsExactly(2);
    assertThat(apply(fit(numbers(1), rows, sigmas(2)), -9)).containsExactly(-2);
    assertThat(apply(fit(numbers(1), rows, sigmas(2)), NAN)).containsExactly(NAN);
  }

  @Test
  void takesTheSignedLogarithm() {
    Pipeline pipeline = fit(numbers(2), new Lines(row(1, 1)), new TransformSpec.Log());
    assertThat(apply(pipeline, Math.E - 1, -99))
        .containsExactly(new float[] {1, (float) -Math.log(100)}, Offset.offset(1e-6f));
  }

  @Test
  void givesEachCategorySeenInTrainingAColumn() {
    Pipeline pipeline = fit(TYPED, new Lines(row(2, 5), row(0, 6), row(-1, 7)), ONE_HOT);
    assertThat(pipeline.out().fields())
        .extracting(Field::name)
        .containsExactly("type=L", "type=H", "speed");
    assertThat(apply(pipeline, 2, 5)).containsExactly(0, 1, 5);
    assertThat(apply(pipeline, 1, 5)).as("not seen").containsExactly(0, 0, 5);
    assertThat(apply(pipeline, -1, 5)).as("missing").containsExactly(0, 0, 5);
  }

  @Test
  void leavesCategoriesAloneInTransformsOfNumbers() {
    Lines rows = new Lines(row(2, 5), row(0, NAN), row(-1, 7));
    Pipeline pipeline =
        fit(TYPED, rows, impute(Strategy.MEAN, 0), STANDARDISE, new TransformSpec.Log(), ONE_HOT);
    assertThat(apply(pipeline, 2, NAN)).containsExactly(0, 1, 0);
  }

  @Test
  void givesEachValueOfAnImageAChannel() {
    Shape maps = Shape.image(List.of(Field.number("map")), 1, 3);
    Pipeline pipeline = fit(maps, new Lines(row(0, 1, 1), row(0, 2, 2)), ONE_HOT);
    assertThat(pipeline.out().dims()).containsExactly(3, 1, 3);
    assertThat(pipeline.out().fields())
        .extracting(Field::name)
        .containsExactly("map=0", "map=1", "map=2");
    assertThat(apply(pipeline, 2, 0, 3)).containsExactly(0, 1, 0, 0, 0, 0, 1, 0, 0);
  }

  @Test
  void selectsTheColumnsWithTheHighestAnovaF() {
    Lines rows = new Lines(row(5, 1, 1.0), row(6, 2, 1.1), row(5, 1, 2.0), row(6, 2, 2.1));
    Labels labels = new Labels(2, 0, 0, 1, 1);
    Pipeline pipeline = fit(numbers(3), rows, labels, new TransformSpec.Select(1, By.ANOVA));
    assertThat(pipeline.out().fields()).extracting(Field::name).containsExactly("c");
    // By hand: means 1.05 and 2.05, between 4 * 0.5² / 1, within 4 * 0.05² / 2.
    assertThat(Scores.anova(fit(numbers(3), rows), rows, labels)[2])
        .isCloseTo(200, Offset.offset(1e-3));
  }

  @Test
  void scoresAConstantColumnNothing() {
    Shape window = Shape.window(List.of(Field.number("a"), Field.number("b")), 100);
    float[] low = new float[200];
    float[] high = new float[200];
    Arrays.fill(low, 0.1f);
    Arrays.fill(high, 0.1f);
    Arrays.fill(high, 100, 200, 0.2f);
    Lines rows = new Lines(low, low, high, high);
    double[] scores = Scores.anova(fit(window, rows), rows, new Labels(2, 0, 0, 1, 1));
    assertThat(scores).containsExactly(0, Double.POSITIVE_INFINITY);
  }

  @Test
  void selectsTheColumnsThatCorrelateWithANumber() {
    Lines rows = new Lines(row(1, 5, -1), row(2, 5, -2), row(4, 6, -3), row(3, 5, -4));
    Labels targets = new Labels(0, 1, 2, 3, 4);
    Pipeline pipeline = fit(numbers(3), rows, targets, new TransformSpec.Select(2, By.CORRELATION));
    assertThat(pipeline.out().fields()).extracting(Field::name).containsExactly("a", "c");
    assertThat(Scores.correlation(fit(numbers(3), rows), rows, targets)[0])
        .isCloseTo(0.8, Offset.offset(1e-12));
  }

  @Test
  void dropsColumnsOfOneValue() {
    Lines rows = new Lines(row(1, 5, NAN), row(2, 5, NAN), row(3, NAN, NAN));
    Pipeline pipeline = fit(numbers(3), rows, new TransformSpec.DropConstant());
    assertThat(pipeline.out().fields()).extracting(Field::name).containsExactly("a");
    assertThat(apply(pipeline, 8, 5, 1)).containsExactly(8);
  }

  @Test
  void resizesByNearest() {
    Shape image = Shape.image(List.of(Field.number("x")), 2, 2);
    Lines rows = new Lines(row(1, 2, 3, 4));
    Pipeline larger = fit(image, rows, new TransformSpec.Resize(4, 2, Interpolation.NEAREST));
    assertThat(apply(larger, 1, 2, 3, 4)).containsExactly(1, 2, 1, 2, 3, 4, 3, 4);
    Pipeline smaller =
        fit(
            larger.out(),
            new Lines(new float[8]),
            new TransformSpec.Resize(1, 1, Interpolation.NEAREST));
    assertThat(smaller.out().dims()).containsExactly(1, 1, 1);
  }

  @Test
  void resizesBilinearly() {
    Shape image = Shape.image(List.of(Field.number("x")), 1, 2);
    Pipeline larger =
        fit(image, new Lines(row(0, 4)), new TransformSpec.Resize(1, 4, Interpolation.BILINEAR));
    assertThat(apply(larger, 0, 4)).containsExactly(0, 1, 3, 4);
    Pipeline smaller =
        fit(
            larger.out(),
            new Lines(row(0, 1, 3, 4)),
            new TransformSpec.Resize(1, 2, Interpolation.BILINEAR));
    // Triangle of reach 2 around 1: weights 3/4, 3/4, 1/4 of pixels 0 to 2, over their sum 7/4.
    assertThat(apply(smaller, 0, 7, 7, 0))
        .containsExactly(new float[] {4, 4}, Offset.offset(1e-5f));
  }

  @Test
  void normalisesEachExample() {
    Shape window = Shape.window(List.of(Field.number("a"), Field.number("b")), 2);
    Pipeline pipeline = fit(window, new Lines(row(1, 1, 3, 3)), new TransformSpec.NormaliseEach());
    assertThat(apply(pipeline, 10, 10, 30, 30)).containsExactly(-1, -1, 1, 1);
    assertThat(apply(pipeline, 4, 4, 4, 4)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void appliesTransformsInTheirOrder() {
    Lines rows = new Lines(row(-8), row(8));
    Pipeline pipeline =
        fit(
            numbers(1),
            rows,
            clip(0, 4),
            new TransformSpec.MinMax(0, 1),
            new TransformSpec.Scale(2, -1));
    assertThat(apply(pipeline, 3)).containsExactly(0.875f);
  }

  @Test
  void learnsFromTrainingRowsAlone() {
    Lines all = Data.random(200, 4, 1);
    Lines other = new Lines(all.lines().clone());
    for (int i = 100; i < 200; i++) {
      other.lines()[i] = row(1e6, NAN, -5, i);
    }
    TransformSpec[] specs = {
      new TransformSpec.MissingIndicator(),
      impute(Strategy.MEDIAN, 0),
      sigmas(3),
      STANDARDISE,
      new TransformSpec.Select(3, By.CORRELATION),
      new TransformSpec.MinMax(0, 1)
    };
    Labels targets = new Labels(0, IntStream.range(0, 100).asDoubleStream().toArray());
    assertThat(
            fit(numbers(4), new Lines(Arrays.copyOf(other.lines(), 100)), targets, specs).toJson())
        .isEqualTo(
            fit(numbers(4), new Lines(Arrays.copyOf(all.lines(), 100)), targets, specs).toJson());
  }

  @Test
  void givesTheSameBitsFromSeveralThreads() {
    Lines rows = Data.random(500, 6, 9);
    Pipeline pipeline = fit(numbers(6), rows, sigmas(1), STANDARDISE, new TransformSpec.Log());
    List<String> expected = IntStream.range(0, 500).mapToObj(i -> text(pipeline, rows, i)).toList();
    List<String> parallel =
        IntStream.range(0, 500).parallel().mapToObj(i -> text(pipeline, rows, i)).toList();
    assertThat(parallel).isEqualTo(expected);
  }

  private static String text(Pipeline pipeline, Lines rows, int row) {
    float[] out = new float[pipeline.out().elements()];
    pipeline.apply(rows.lines()[row], out);
    return Arrays.toString(out);
  }

  @Test
  void refusesArraysThatAreTooShort() {
    Pipeline pipeline = fit(numbers(2), new Lines(row(1, 2)));
    assertThatThrownBy(() -> pipeline.apply(new float[2], new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot transform 2 values to 1 (expected two arrays, of 2 and 2)");
  }

  @Test
  void checksTheRowsOfOtherSplits() {
    Pipeline pipeline = fit(numbers(2), new Lines(row(1, 2), row(3, 4)), STANDARDISE);
    Problems problems = new Problems();
    pipeline.check(new Lines(row(1, 2)), problems, "test");
    assertThat(problems.isEmpty()).isTrue();
    pipeline.check(new Lines(row(1, NAN)), problems, "test");
    assertThat(problems.list())
        .extracting(Object::toString)
        .containsExactly(
            "test: Cannot use missing values: column 'b' (expected an impute transform, which fills"
                + " them, or a dataset without)");
  }
}
