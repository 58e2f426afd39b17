package dev.zone.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExamplesTest {
  @ParameterizedTest
  @EnumSource(Workload.class)
  void everyContestantHasTheSameExamplesAndNobodyTheHeldOutOnes(Workload workload) {
    Examples first = Examples.firstBatch(workload);
    Examples again = Examples.firstBatch(workload);
    Examples heldOut = Examples.heldOut(workload);

    assertThat(again.inputs()).isEqualTo(first.inputs());
    assertThat(again.labels()).isEqualTo(first.labels());
    assertThat(first.inputs()).hasSize(workload.batch() * workload.elements());
    assertThat(heldOut.labels()).hasSize(Workload.HELD_OUT);
    assertThat(heldOut.inputs()[0]).isNotEqualTo(first.inputs()[0]);
  }

  @ParameterizedTest
  @EnumSource(Workload.class)
  void twoWorkersDoAsManyStepsInTwiceTheEpochs(Workload workload) {
    assertThat(workload.stepsPerEpoch() % 2).isZero();
    assertThat(workload.examples()).isEqualTo(workload.stepsPerEpoch() * workload.batch());
    assertThat(workload.epochs(0)).isEqualTo(1);
    assertThat(workload.epochs(100)).isCloseTo(10 * workload.epochs(10), within(5));
  }

  @Test
  void firstAndLastStepAreToldAndTheLoss() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Progress progress = new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), 3);
    progress.step(1);
    progress.step(2);
    progress.step(3);
    progress.loss(0.125);

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(line -> line.startsWith("step 1 "))
        .anyMatch(line -> line.startsWith("step 3 "))
        .endsWith("loss 0.125000");
  }
}
