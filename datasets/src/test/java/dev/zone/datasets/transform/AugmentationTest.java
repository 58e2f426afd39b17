package dev.zone.datasets.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.AugmentationSpec;
import dev.zone.conf.AugmentationSpec.Brightness;
import dev.zone.conf.AugmentationSpec.Flip;
import dev.zone.conf.AugmentationSpec.Jitter;
import dev.zone.conf.AugmentationSpec.Magnitude;
import dev.zone.conf.AugmentationSpec.Noise;
import dev.zone.conf.AugmentationSpec.Rotate;
import dev.zone.conf.AugmentationSpec.Shift;
import dev.zone.conf.AugmentationSpec.Zoom;
import dev.zone.conf.TransformSpec.Resize.Interpolation;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.SeededRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final List<AugmentationSpec> ALL_FOR_IMAGES =
      List.of(
          new Flip(true, true),
          new Rotate(30, false, Interpolation.BILINEAR),
          new Shift(0.2),
          new Zoom(0.3),
          new Brightness(0.2, 0.3),
          new Noise(0.05));

  private static float[] random(int length, long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  private static float[] augmented(Augmentation augmentation, float[] example, long seed) {
    float[] copy = example.clone();
    augmentation.apply(copy, seed);
    return copy;
  }

  @Test
  void givesTheSameBitsForTheSameSeed() {
    Augmentation augmentation = new Augmentation(ALL_FOR_IMAGES, List.of(3, 17, 12));
    Augmentation other = augmentation.copy();
    float[] example = random(3 * 17 * 12, 1);
    Set<String> different = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      float[] first = augmented(augmentation, example, seed);
      augmented(other, example, seed + 1000);
      assertThat(augmented(other, example, seed)).containsExactly(first);
      different.add(Arrays.toString(first));
    }
    assertThat(different).hasSize(50);
  }

  @Test
  void drawsTheSameOnEveryPlatform() {
    float[] image = random(3 * 16 * 16, 2);
    new Augmentation(ALL_FOR_IMAGES, List.of(3, 16, 16)).apply(image, 42);
    assertThat(Arrays.hashCode(image)).isEqualTo(606560556);
  }

  @Test
  void flipsEachWayHalfOfTheTime() {
    Augmentation augmentation = new Augmentation(List.of(new Flip(true, true)), List.of(1, 2, 3));
    int[] seen = new int[4];
    List<List<Float>> possible =
        List.of(
            List.of(1f, 2f, 3f, 4f, 5f, 6f),
            List.of(3f, 2f, 1f, 6f, 5f, 4f),
            List.of(4f, 5f, 6f, 1f, 2f, 3f),
            List.of(6f, 5f, 4f, 3f, 2f, 1f));
    for (long seed = 0; seed < 4000; seed++) {
      float[] result = augmented(augmentation, new float[] {1, 2, 3, 4, 5, 6}, seed);
      seen[possible.indexOf(boxed(result))]++;
    }
    for (int count : seen) {
      assertThat(count).isBetween(900, 1100);
    }
  }

  private static List<Float> boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return List.of(boxed);
  }

  @Test
  void turnsByQuartersExactly() {
    Augmentation augmentation =
        new Augmentation(List.of(new Rotate(0, true, Interpolation.BILINEAR)), List.of(2, 2, 2));
    Set<List<Float>> seen = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      seen.add(boxed(augmented(augmentation, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, seed)));
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            List.of(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f),
            List.of(3f, 1f, 4f, 2f, 7f, 5f, 8f, 6f),
            List.of(4f, 3f, 2f, 1f, 8f, 7f, 6f, 5f),
            List.of(2f, 4f, 1f, 3f, 6f, 8f, 5f, 7f));
  }

  @Test
  void givesAllEightSymmetriesOfASquareWithFlipAndQuarterTurns() {
    Augmentation augmentation =
        new Augmentation(
            List.of(new Flip(true, false), new Rotate(0, true, Interpolation.NEAREST)),
            List.of(1, 5, 5));
    float[] example = random(25, 3);
    float[] sorted = sorted(example);
    Set<List<Float>> seen = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      float[] result = augmented(augmentation, example, seed);
      assertThat(sorted(result)).containsExactly(sorted);
      seen.add(boxed(result));
    }
    assertThat(seen).hasSize(8);
  }

  private static float[] sorted(float[] values) {
    float[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }

  @Test
  void repeatsTheEdgeOutside() {
    // A ramp along x stays between its ends, and never falls, wherever it is moved.
    Augmentation augmentation = new Augmentation(List.of(new Shift(0.5)), List.of(1, 4, 8));
    float[] ramp = new float[32];
    for (int i = 0; i < 32; i++) {
      ramp[i] = i % 8;
    }
    boolean moved = false;
    for (long seed = 0; seed < 100; seed++) {
      float[] result = augmented(augmentation, ramp, seed);
      float distance = result[3] - ramp[3];
      for (int i = 0; i < 32; i++) {
        float expected = Math.max(0, Math.min(7, i % 8 + shiftOf(result)));
        assertThat(result[i]).isCloseTo(expected, Offset.offset(1e-4f));
      }
      moved |= Math.abs(distance) > 2;
    }
    assertThat(moved).isTrue();
  }

  /** How far a shifted ramp of 8 moved: of its middle pixels one at least is not at the edge. */
  private static float shiftOf(float[] ramp) {
    return ramp[3] > 0 && ramp[3] < 7 ? ramp[3] - 3 : ramp[4] - 4;
  }

  @Test
  void turnsByAnyAngleAroundTheCentre() {
    Augmentation augmentation =
        new Augmentation(
            List.of(new Rotate(180, false, Interpolation.BILINEAR)), List.of(1, 21, 21));
    float[] disc = new float[441];
    for (int i = 0; i < 441; i++) {
      double distance = Math.hypot(i % 21 - 10, i / 21 - 10);
      disc[i] = (float) Math.max(0, 1 - distance / 10);
    }
    for (long seed = 0; seed < 50; seed++) {
      // A cone looks the same from all sides, up to interpolation.
      assertThat(augmented(augmentation, disc, seed)).containsExactly(disc, Offset.offset(0.08f));
    }
  }

  @Test
  void zoomsAroundTheCentre() {
    Augmentation augmentation = new Augmentation(List.of(new Zoom(0.5)), List.of(1, 1, 101));
    float[] ramp = new float[101];
    for (int i = 0; i < 101; i++) {
      ramp[i] = i - 50;
    }
    double least = 9;
    double most = 0;
    for (long seed = 0; seed < 200; seed++) {
      float[] result = augmented(augmentation, ramp, seed);
      double factor = 10.0 / result[60];
      assertThat(result[50]).isCloseTo(0, Offset.offset(1e-4f));
      assertThat(result[40]).isCloseTo(-result[60], Offset.offset(1e-4f));
      least = Math.min(least, factor);
      most = Math.max(most, factor);
    }
    assertThat(least).isBetween(0.5, 0.55);
    assertThat(most).isBetween(1.45, 1.5);
  }

  @Test
  void keepsOneHotMapsOneHotWithNearest() {
    Augmentation augmentation =
        new Augmentation(
            List.of(
                new Flip(true, true),
                new Rotate(180, false, Interpolation.NEAREST),
                new Shift(0.3),
                new Zoom(0.5)),
            List.of(3, 13, 13));
    float[] map = oneHot(13 * 13);
    for (long seed = 0; seed < 100; seed++) {
      float[] result = augmented(augmentation, map, seed);
      for (int i = 0; i < 169; i++) {
        assertThat(result[i] + result[169 + i] + result[338 + i]).isEqualTo(1);
        assertThat(result[i] * result[169 + i]).isEqualTo(0);
      }
    }
  }

  @Test
  void keepsTheSumOfOneHotMapsWithBilinear() {
    Augmentation augmentation =
        new Augmentation(
            List.of(new Rotate(180, false, Interpolation.BILINEAR), new Shift(0.3), new Zoom(0.5)),
            List.of(3, 13, 13));
    float[] map = oneHot(13 * 13);
    for (long seed = 0; seed < 100; seed++) {
      float[] result = augmented(augmentation, map, seed);
      for (int i = 0; i < 169; i++) {
        assertThat(result[i] + result[169 + i] + result[338 + i])
            .isCloseTo(1, Offset.offset(1e-6f));
      }
    }
  }

  private static float[] oneHot(int plane) {
    SeededRandom random = new SeededRandom(8);
    float[] map = new float[3 * plane];
    for (int i = 0; i < plane; i++) {
      map[random.nextInt(3) * plane + i] = 1;
    }
    return map;
  }

  @Test
  void changesBrightnessAndContrastOfAllChannelsAlike() {
    Augmentation augmentation =
        new Augmentation(List.of(new Brightness(0.5, 0.2)), List.of(2, 1, 2));
    for (long seed = 0; seed < 200; seed++) {
      float[] result = augmented(augmentation, new float[] {0, 1, 0, 2}, seed);
      assertThat(result[0]).isBetween(-0.5f, 0.5f).isEqualTo(result[2]);
      assertThat(result[1] - result[0]).isBetween(0.8f - 1e-6f, 1.2f + 1e-6f);
      assertThat(result[3] - result[2])
          .isCloseTo(2 * (result[1] - result[0]), Offset.offset(1e-6f));
    }
  }

  @Test
  void addsNormalNoise() {
    for (AugmentationSpec spec : List.of(new Noise(2), new Jitter(2))) {
      float[] values = new float[100_000];
      new Augmentation(List.of(spec), List.of(10, 10_000)).apply(values, 7);
      double squares = 0;
      double sum = 0;
      int beyond = 0;
      for (float value : values) {
        sum += value;
        squares += value * value;
        beyond += Math.abs(value) > 2 * 1.959964 ? 1 : 0;
      }
      assertThat(sum / values.length).isCloseTo(0, Offset.offset(0.03));
      assertThat(squares / values.length).isCloseTo(4, Offset.offset(0.08));
      assertThat(beyond / 1000.0).isCloseTo(5, Offset.offset(0.3));
    }
  }

  @Test
  void multipliesEachColumnByItsOwnFactor() {
    float[] window = {1, 2, 3, 1, 2, 3};
    new Augmentation(List.of(new Magnitude(0.1)), List.of(2, 3)).apply(window, 5);
    assertThat(window[1]).isCloseTo(2 * window[0], Offset.offset(1e-6f));
    assertThat(window[5]).isCloseTo(3 * window[3], Offset.offset(1e-6f));
    assertThat(window[0]).isNotEqualTo(window[3]).isBetween(0.5f, 1.5f);
  }

  @Test
  void refusesChangesThatDoNotFitTheShape() {
    Problems problems = new Problems();
    Augmentation.check(
        List.of(
            new Flip(true, false),
            new Rotate(5, false, Interpolation.NEAREST),
            new Shift(0.1),
            new Zoom(0.1),
            new Brightness(0.1, 0),
            new Jitter(0.1),
            new Noise(0.1)),
        List.of(14, 30),
        problems,
        "job.yaml:9:5");
    Augmentation.check(
        List.of(
            new Jitter(0.1),
            new Magnitude(0.1),
            new Rotate(0, true, Interpolation.NEAREST),
            new Flip(false, false)),
        List.of(3, 32, 48),
        problems,
        "job.yaml:9:5");
    String images = ": shape [14, 30] (expected images [channels, height, width])";
    String series =
        ": shape [3, 32, 48] (expected windows [columns, length] or features; noise is for images)";
    assertThat(problems.list())
        .allMatch(problem -> problem.where().equals("job.yaml:9:5"))
        .extracting(problem -> problem.message())
        .containsExactly(
            "Cannot flip" + images,
            "Cannot rotate" + images,
            "Cannot shift" + images,
            "Cannot zoom" + images,
            "Cannot change the brightness" + images,
            "Cannot jitter" + series,
            "Cannot change the magnitude" + series,
            "Cannot turn by quarters: images of height 32 and width 48 (expected square ones)",
            "Cannot flip: neither horizontal nor vertical (expected at least one)");
  }

  @Test
  void refusesToBeBuiltWithProblems() {
    assertThatThrownBy(() -> new Augmentation(List.of(new Shift(0.1)), List.of(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot shift: shape [5] (expected images [channels, height, width])");
  }

  @Test
  void refusesAnExampleOfAnotherSize() {
    Augmentation augmentation = new Augmentation(List.of(new Noise(1)), List.of(5));
    assertThatThrownBy(() -> augmentation.apply(new float[6], 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot augment 6 values (expected shape [5])");
  }
}
