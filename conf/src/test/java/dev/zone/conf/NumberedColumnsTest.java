package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.conf.yaml.YamlWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NumberedColumnsTest {
  private final Problems problems = new Problems();

  private Optional<DatasetSpec> dataset(String columns) {
    return YamlBinder.parse(
            """
            name: chip/x
            title: t
            source: {format: delimited, header: false, files: [{path: a.csv}]}
            columns: {%s}
            licence: l
            citation: c
            """
                .formatted(columns),
            "x.yaml",
            DatasetSpec.class,
            List.of(),
            problems)
        .map(Bound::value);
  }

  private List<String> faults(String columns) {
    assertThat(dataset(columns)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void standForAColumnANumberInTheirPlace() {
    DatasetSpec dataset = dataset("a: {}, 's{9..11}x': {unit: K}, b: {}").orElseThrow();
    assertThat(dataset.columns().keySet()).containsExactly("a", "s9x", "s10x", "s11x", "b");
    assertThat(dataset.columns().get("s10x").unit()).contains("K");
    assertThat(dataset("'s{008..010}': {}").orElseThrow().columns().keySet())
        .containsExactly("s008", "s009", "s010");
  }

  @Test
  void stayAsTheyAreWhenADescriptorIsWrittenAndReadAgain() {
    DatasetSpec dataset = dataset("'s{1..5000}': {}").orElseThrow();
    assertThat(
            YamlBinder.parse(
                    YamlWriter.write(dataset), "y.yaml", DatasetSpec.class, List.of(), problems)
                .orElseThrow()
                .value())
        .isEqualTo(dataset);
  }

  @Test
  void areNothingElse() {
    assertThat(dataset("'s{1..}': {}, '{a..b}': {}, '{3}': {}").orElseThrow().columns().keySet())
        .containsExactly("s{1..}", "{a..b}", "{3}");
  }

  @Test
  void areRefusedTwice() {
    assertThat(faults("s2: {}, 's{1..3}': {}"))
        .singleElement()
        .asString()
        .endsWith("Cannot use the file: column s2 twice (expected it once)");
  }

  @Test
  void areRefusedBackwards() {
    assertThat(faults("'s{3..1}': {}"))
        .singleElement()
        .asString()
        .endsWith(
            "Cannot use the file: column s{3..1} (expected the smaller number first, and at most 5,000 columns)");
  }

  @Test
  void areRefusedIfThereAreTooMany() {
    assertThat(faults("'s{1..999999}': {}"))
        .singleElement()
        .asString()
        .contains("column s{1..999999} (expected");
  }

  @Test
  void areRefusedIfThereAreTooManyTogether() {
    assertThat(faults("'s{1..4000}': {}, 't{1..4000}': {}"))
        .singleElement()
        .asString()
        .endsWith("more than 5,000 columns (expected fewer)");
  }
}
