package dev.zone.datasets.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
  private static long hash(float... values) {
    long hash = 0;
    for (float value : values) {
      hash = Duplicates.mix(hash, value);
    }
    return hash;
  }

  @Test
  void hashesTellOrderAndValuesApartButNotZeros() {
    assertThat(hash(1, 2)).isNotEqualTo(hash(2, 1)).isNotEqualTo(hash(1, 2, 0));
    assertThat(hash(0, -0.0f)).isEqualTo(hash(-0.0f, 0));
  }

  @Test
  void countsAmongManyDistinctExamples() {
    int count = 100_000;
    long[] train = LongStream.range(0, count).map(i -> hash((float) i, 1)).toArray();
    long[] test =
        LongStream.range(0, count).map(i -> hash((float) i, i % 100 == 0 ? 1 : 2)).toArray();
    float[] zeros = new float[count];
    float[] labels = new float[count];
    labels[100] = 1;
    Duplicates duplicates = new Duplicates();
    duplicates.add(Split.TRAIN, train, zeros);
    duplicates.add(Split.TEST, test, labels);
    List<Finding> findings = duplicates.findings();
    assertThat(findings).hasSize(2);
    assertThat(findings.get(0))
        .isEqualTo(
            new Finding(
                "duplicates-across-splits",
                Severity.WARNING,
                "1,000 of 100,000 test examples (1.0 %) have the inputs of a training example, 1 of them with different labels; figures on them do not say how the model does on new data"));
    assertThat(findings.get(1).message()).startsWith("2 of 200,000 examples (0.0 %)");
  }

  @Test
  void saysNothingOfDistinctExamples() {
    Duplicates duplicates = new Duplicates();
    duplicates.add(Split.TRAIN, new long[] {hash(1), hash(2)}, new float[2]);
    duplicates.add(Split.VALIDATION, new long[] {hash(3)}, new float[1]);
    assertThat(duplicates.findings()).isEmpty();
  }
}
