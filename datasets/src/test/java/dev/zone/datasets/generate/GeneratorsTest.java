package dev.zone.datasets.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.SourceSpec.Generator;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.generate.GeneratedColumns.Column;
import dev.zone.datasets.generate.GeneratedColumns.Numbers;
import dev.zone.datasets.generate.GeneratedColumns.Tensor;
import dev.zone.datasets.generate.GeneratedColumns.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratorsTest {
  @Test
  void refusesUnknownAndWrongParametersAtOnce() {
    Map<String, Double> parameters = new LinkedHashMap<>();
    parameters.put("sise", 32.0);
    parameters.put("imbalance", -0.5);
    parameters.put("difficulty", Double.NaN);
    assertThat(Generated.problems(Generator.WAFER_MAPS, 5, parameters))
        .containsExactly(
            "Cannot set parameter 'imbalance' of waferMaps: -0.5 (expected 0.0 to 1.0)",
            "Cannot set parameter 'difficulty' of waferMaps: NaN (expected 0.0 to 1.0)",
            "Cannot set parameter of waferMaps: 'sise' (expected one of size, imbalance,"
                + " difficulty, did you mean 'size'?)");
    assertThat(Generated.problems(Generator.WAFER_MAPS, 5, Map.of("size", 32.5)))
        .containsExactly(
            "Cannot set parameter 'size' of waferMaps: 32.5 (expected a whole number from 24 to"
                + " 64)");
    assertThat(Generated.problems(Generator.RUN_TO_FAILURE, 5, Map.of("meanLife", 1.0)))
        .containsExactly(
            "Cannot set parameter 'meanLife' of runToFailure: 1.0 (expected 30.0 to 2000.0)");
    assertThat(Generated.problems(Generator.CAN_FRAMES, 5, Map.of("attackShare", 1.0)))
        .containsExactly(
            "Cannot set parameter 'attackShare' of canFrames: 1.0 (expected 0.0 to 0.9)");
  }

  @ParameterizedTest
  @CsvSource({"WAFER_MAPS, 5000", "RUN_TO_FAILURE, 900", "CAN_FRAMES, 500000"})
  void givesTheSameRowsInPieces(Generator generator, int count) {
    GeneratedColumns whole = Generated.generate(generator, count, 3, Map.of());
    List<GeneratedColumns> pieces = new ArrayList<>();
    Problems problems = new Problems();
    Generators.stream(Generated.source(generator, count, 3, Map.of()), pieces::add, problems);
    assertThat(problems.list()).isEmpty();
    assertThat(pieces).hasSizeGreaterThan(1);
    int from = 0;
    for (GeneratedColumns piece : pieces) {
      for (String name : whole.columns().keySet()) {
        Column all = whole.columns().get(name);
        Column some = piece.columns().get(name);
        if (all instanceof Numbers numbers) {
          assertThat(((Numbers) some).values())
              .isEqualTo(Arrays.copyOfRange(numbers.values(), from, from + piece.rows()));
        } else if (all instanceof Texts texts) {
          assertThat(((Texts) some).values())
              .isEqualTo(Arrays.copyOfRange(texts.values(), from, from + piece.rows()));
        } else {
          Tensor maps = (Tensor) all;
          int each = maps.elements();
          assertThat(((Tensor) some).values())
              .isEqualTo(
                  Arrays.copyOfRange(maps.values(), from * each, (from + piece.rows()) * each));
        }
      }
      from += piece.rows();
    }
    assertThat(from).isEqualTo(whole.rows());
  }

  @Test
  void refusesMoreThanMemoryHolds() {
    assertThat(Generated.problems(Generator.WAFER_MAPS, 100_000_000, Map.of()))
        .containsExactly(
            "Cannot generate 100000000 maps with waferMaps: too many for memory (expected at most"
                + " 2097151)");
    assertThat(Generated.problems(Generator.RUN_TO_FAILURE, 100_000_000, Map.of()))
        .containsExactly(
            "Cannot generate 100000000 units with runToFailure: too many for memory (expected at"
                + " most 39215)");
    assertThat(Generated.problems(Generator.CAN_FRAMES, 100_000_000, Map.of()))
        .containsExactly(
            "Cannot generate 100000000 frames with canFrames: too many for memory (expected at most"
                + " 18181818)");
  }

  @Test
  void refusesColumnsOfOtherLengths() {
    assertThatThrownBy(
            () ->
                new GeneratedColumns(
                    3, Map.of("a", new Numbers(new double[2])), Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot join column a: 2 rows (expected 3)");
  }
}
