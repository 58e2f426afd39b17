package dev.zone.conf;

import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;

/** A random change of training examples; its draws depend on seed, epoch and example alone. */
@Choice
@Doc("A random change of training examples.")
public sealed interface AugmentationSpec
    permits AugmentationSpec.Flip,
        AugmentationSpec.Rotate,
        AugmentationSpec.Shift,
        AugmentationSpec.Zoom,
        AugmentationSpec.Noise,
        AugmentationSpec.Brightness,
        AugmentationSpec.Jitter,
        AugmentationSpec.Magnitude {
  @Doc("Mirrors images, each direction with probability 1/2.")
  record Flip(
      @Default("true") @Doc("Left and right.") boolean horizontal,
      @Default("false") @Doc("Up and down.") boolean vertical)
      implements AugmentationSpec {}

  @Doc(
      "Turns images by an angle drawn uniformly; quarterTurns draws 0, 90, 180 or 270 degrees instead, without interpolation.")
  record Rotate(
      @Default("0") @Range(min = 0, max = 180) @Doc("Largest angle either way, degrees.")
          double degrees,
      @Default("false") @Doc("Quarter turns (square images).") boolean quarterTurns,
      @Default("bilinear") @Doc("nearest or bilinear.")
          TransformSpec.Resize.Interpolation interpolation)
      implements AugmentationSpec {}

  @Doc("Moves images; what comes in from outside is the edge's value.")
  record Shift(
      @Range(min = 0, max = 1) @Doc("Largest shift either way, as a share of the side.")
          double fraction)
      implements AugmentationSpec {}

  @Doc("Enlarges or shrinks images around their centre.")
  record Zoom(
      @Range(min = 0, max = 0.9) @Doc("Largest change: 0.1 draws factors from 0.9 to 1.1.")
          double fraction)
      implements AugmentationSpec {}

  @Doc("Adds normal noise to every value.")
  record Noise(
      @Range(min = 0) @Doc("Standard deviation, in units after the transforms.") double sigma)
      implements AugmentationSpec {}

  @Doc("Adds one number to all values of an image, and multiplies them by another.")
  record Brightness(
      @Range(min = 0) @Default("0") @Doc("Largest number added, either way.") double delta,
      @Range(min = 0, max = 0.99)
          @Default("0")
          @Doc("Largest change of contrast: 0.2 multiplies by 0.8 to 1.2.")
          double contrast)
      implements AugmentationSpec {}

  @Doc("Series: adds normal noise to every value.")
  record Jitter(
      @Range(min = 0) @Doc("Standard deviation, in units after the transforms.") double sigma)
      implements AugmentationSpec {}

  @Doc("Series: multiplies each column by a number drawn from N(1, sigma).")
  record Magnitude(@Range(min = 0) @Doc("Standard deviation of the factor.") double sigma)
      implements AugmentationSpec {}
}
