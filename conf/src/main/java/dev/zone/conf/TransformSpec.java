package dev.zone.conf;

import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import java.util.Optional;

/**
 * One step from a column's values to what the model sees. What has to be learned is learned from
 * the training split.
 */
@Choice
@Doc("A transform.")
public sealed interface TransformSpec
    permits TransformSpec.Scale,
        TransformSpec.Standardise,
        TransformSpec.MinMax,
        TransformSpec.Impute,
        TransformSpec.MissingIndicator,
        TransformSpec.Clip,
        TransformSpec.Log,
        TransformSpec.OneHot,
        TransformSpec.Select,
        TransformSpec.DropConstant,
        TransformSpec.Resize,
        TransformSpec.NormaliseEach,
        TransformSpec.PiecewiseLinear,
        TransformSpec.Smooth {
  @Doc("(x - subtract) / divideBy.")
  record Scale(
      @Doc("Divisor, not 0.") @Default("1") double divideBy,
      @Doc("Subtracted first.") @Default("0") double subtract)
      implements TransformSpec {}

  @Doc(
      "(x - mean) / standard deviation, of each column (of each channel for images); constant columns become 0.")
  record Standardise() implements TransformSpec {}

  @Doc("Moves the smallest value to low and the largest to high; constant columns become low.")
  record MinMax(
      @Default("0") @Doc("New minimum.") double low, @Default("1") @Doc("New maximum.") double high)
      implements TransformSpec {}

  @Doc("Fills missing values.")
  record Impute(
      @Doc("mean, median or constant.") @Default("median") Strategy strategy,
      @Doc("The constant.") @Default("0") double value)
      implements TransformSpec {
    public enum Strategy {
      MEAN,
      MEDIAN,
      CONSTANT
    }
  }

  @Doc(
      "Adds a column that is 1 where the value was missing, for each column that misses values in training.")
  record MissingIndicator() implements TransformSpec {}

  @Doc("Keeps values between low and high, or within so many standard deviations of the mean.")
  record Clip(
      @Doc("Smallest value kept.") Optional<Double> low,
      @Doc("Largest value kept.") Optional<Double> high,
      @Doc("Standard deviations around the mean, instead of low and high.")
          @Range(min = 0, openMin = true)
          Optional<Double> sigmas)
      implements TransformSpec {}

  @Doc("sign(x) * ln(1 + |x|).")
  record Log() implements TransformSpec {}

  @Doc(
      "One column (one channel for images) a class; a value not seen in training becomes all zeros.")
  record OneHot() implements TransformSpec {}

  @Doc("Keeps the columns that tell most about the label in the training split.")
  record Select(
      @Doc("How many.") @Range(min = 1) int top,
      @Doc("anova (F of the classes) or correlation (absolute, with the target).") @Default("anova")
          By by)
      implements TransformSpec {
    public enum By {
      ANOVA,
      CORRELATION
    }
  }

  @Doc("Drops columns that hold one value in the training split.")
  record DropConstant() implements TransformSpec {}

  @Doc("Resizes images.")
  record Resize(
      @Doc("Pixels.") @Range(min = 1, max = 4096) int height,
      @Doc("Pixels.") @Range(min = 1, max = 4096) int width,
      @Doc("nearest or bilinear.") @Default("bilinear") Interpolation interpolation)
      implements TransformSpec {
    public enum Interpolation {
      NEAREST,
      BILINEAR
    }
  }

  @Doc("(x - mean) / standard deviation of each single image or window, over all its values.")
  record NormaliseEach() implements TransformSpec {}

  @Doc(
      "Adds to each column, for each of so many bins of equal width between its smallest and largest"
          + " value, how much of the bin the value fills, 0 to 1: bends in what a dense layer can learn.")
  record PiecewiseLinear(@Doc("Bins.") @Range(min = 1, max = 1000) int bins)
      implements TransformSpec {}

  @Doc(
      "For windows, first among the transforms: the exponential moving average along the series,"
          + " which begins with its first row and never looks ahead.")
  record Smooth(
      @Doc("Weight of the newest row.") @Range(min = 0, openMin = true, max = 1) double weight)
      implements TransformSpec {}
}
