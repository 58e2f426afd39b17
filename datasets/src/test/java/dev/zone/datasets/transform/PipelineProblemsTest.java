package dev.zone.datasets.transform;

import static dev.zone.datasets.transform.Data.NAN;
import static dev.zone.datasets.transform.Data.clip;
import static dev.zone.datasets.transform.Data.impute;
import static dev.zone.datasets.transform.Data.numbers;
import static dev.zone.datasets.transform.Data.problems;
import static dev.zone.datasets.transform.Data.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.TransformSpec;
import dev.zone.conf.TransformSpec.Impute.Strategy;
import dev.zone.conf.TransformSpec.Resize.Interpolation;
import dev.zone.conf.TransformSpec.Select.By;
import dev.zone.datasets.transform.Data.Labels;
import dev.zone.datasets.transform.Data.Lines;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PipelineProblemsTest {
  private static final String AT = "job.yaml:3:5: ";
  private static final Lines TWO = new Lines(row(1, 2), row(3, 4));
  private static final Shape TYPED =
      Shape.features(List.of(new Field("type", List.of("L", "M")), Field.number("speed")));

  @Test
  void refusesMissingValuesThatNothingFills() {
    assertThat(
            problems(
                numbers(2), new Lines(row(1, NAN), row(2, 3)), new TransformSpec.Standardise()))
        .containsExactly(
            AT
                + "Cannot use missing values: column 'b' (expected an impute transform, which fills"
                + " them, or a dataset without)");
  }

  @Test
  void namesTenColumnsAtMost() {
    float[] missing = new float[13];
    Arrays.fill(missing, NAN);
    assertThat(problems(numbers(13), new Lines(missing, new float[13])))
        .containsExactly(
            AT
                + "Cannot use missing values: columns 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i',"
                + " 'j' and 3 more (expected an impute transform, which fills them, or a dataset"
                + " without)");
  }

  @Test
  void refusesCategoriesThatNothingEncodes() {
    assertThat(problems(TYPED, new Lines(row(0, 1), row(-1, 2))))
        .containsExactly(AT + "Cannot use categories: column 'type' (expected a oneHot transform)");
  }

  @Test
  void refusesInfiniteValues() {
    assertThat(
            problems(
                numbers(2), new Lines(row(1, 2), row(3e38, 4)), new TransformSpec.Scale(0.01, 0)))
        .containsExactly(
            AT
                + "Cannot use infinite values: column 'a' (expected finite numbers, in single"
                + " precision also after the transforms)");
  }

  @Test
  void refusesTrainingWithoutExamples() {
    assertThat(problems(numbers(2), new Lines(), new TransformSpec.Standardise()))
        .containsExactly(
            AT + "Cannot fit transforms: no training examples (expected at least one)");
  }

  @Test
  void refusesToDropAllColumns() {
    assertThat(problems(numbers(1), new Lines(row(1), row(1)), new TransformSpec.DropConstant()))
        .containsExactly(AT + "Cannot use the input: no column is left (expected at least one)");
  }

  @Test
  void gathersTheProblemsOfAllTransforms() {
    assertThat(
            problems(
                numbers(2),
                TWO,
                new TransformSpec.Scale(0, 0),
                new TransformSpec.MinMax(1, 1),
                clip(2, 1),
                new TransformSpec.Clip(Optional.empty(), Optional.empty(), Optional.empty()),
                new TransformSpec.Clip(Optional.of(1.0), Optional.empty(), Optional.of(1.0)),
                new TransformSpec.Resize(8, 8, Interpolation.NEAREST),
                new TransformSpec.NormaliseEach()))
        .containsExactly(
            AT + "Cannot scale: divideBy 0.0 (expected a number other than 0)",
            AT + "Cannot move to a range: 1.0 to 1.0 (expected low < high)",
            AT + "Cannot clip: low 2.0 with high 1.0 (expected low <= high)",
            AT + "Cannot clip: no bounds (expected low, high or both, or sigmas)",
            AT + "Cannot clip: sigmas beside low or high (expected low, high or both, or sigmas)",
            AT + "Cannot resize: shape [2] (expected images [channels, height, width])",
            AT
                + "Cannot normalise each example: shape [2] (expected images or windows; standardise"
                + " is for single columns)");
  }

  @Test
  void refusesToImputeAColumnWithoutValues() {
    assertThat(problems(numbers(2), new Lines(row(NAN, 1)), impute(Strategy.MEDIAN, 0)))
        .contains(
            AT
                + "Cannot impute the median: no training value in column 'a' (expected at least one,"
                + " a dropConstant before, or the strategy constant)");
  }

  @Test
  void refusesToEncodeAMeasurement() {
    assertThat(problems(numbers(1), Data.random(300, 1, 4), new TransformSpec.OneHot()))
        .containsExactly(
            AT
                + "Cannot encode one-hot: more than 256 numbers in column 'a' (expected categories,"
                + " or numbers that stand for few classes)");
  }

  @Test
  void refusesASelectionThatDoesNotFitTheTarget() {
    assertThat(problems(numbers(2), TWO, new TransformSpec.Select(1, By.ANOVA)))
        .containsExactly(
            AT + "Cannot select by anova: the target is a number (expected by: correlation)");
    assertThat(
            problems(
                numbers(2), TWO, new Labels(3, 0, 2), new TransformSpec.Select(1, By.CORRELATION)))
        .containsExactly(
            AT + "Cannot select by correlation: the label has 3 classes (expected by: anova)");
  }

  @Test
  void refusesToMixCategoriesIntoNumbers() {
    Shape image = Shape.image(List.of(new Field("type", List.of("L", "M"))), 1, 2);
    assertThat(
            problems(
                image,
                new Lines(row(0, 1)),
                new Labels(2, 0),
                new TransformSpec.Resize(2, 2, Interpolation.BILINEAR),
                new TransformSpec.NormaliseEach(),
                new TransformSpec.Select(1, By.ANOVA)))
        .containsExactly(
            AT
                + "Cannot resize bilinearly: categories in column 'type' (expected a oneHot"
                + " transform before)",
            AT
                + "Cannot normalise each example: categories in column 'type' (expected a oneHot"
                + " transform before)",
            AT
                + "Cannot select columns: categories in column 'type' (expected a oneHot transform"
                + " before)");
  }
}
