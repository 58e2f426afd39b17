package dev.zone.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.error.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
  @ParameterizedTest
  @ValueSource(classes = {JobSpec.class, DatasetSpec.class, PlanSpec.class})
  void whatIsWrittenBindsToAnEqualRecord(Class<? extends Record> type) {
    RandomRecords records = new RandomRecords(7);
    for (int i = 0; i < 300; i++) {
      Record record = records.next(type);
      String yaml = YamlWriter.write(record);
      Problems problems = new Problems();
      Optional<? extends Bound<? extends Record>> bound =
          YamlBinder.parse(yaml, "written.yaml", type, List.of(), problems);
      assertThat(problems.list()).as(yaml).isEmpty();
      assertThat(bound.orElseThrow().value()).as(yaml).isEqualTo(record);
      assertThat(YamlWriter.write(bound.orElseThrow().value())).isEqualTo(yaml);
    }
  }

  @Test
  void writesDefaultsAndLeavesOutEmptyOptionals() {
    String yaml = "{epochs: 3, batchSize: 64, updater: {nesterovs: {}}, clipping: {norm: 1}}";
    TrainingSpec training =
        YamlBinder.parse(yaml, "t", TrainingSpec.class, List.of(), new Problems())
            .orElseThrow()
            .value();
    assertThat(training.schedule()).isEqualTo(new ScheduleSpec.Constant());
    assertThat(YamlWriter.write(training))
        .isEqualTo(
            """
            epochs: 3
            batchSize: 64
            updater:
              nesterovs:
                learningRate: 0.01
                momentum: 0.9
            schedule: constant
            seed: 42
            l1: 0.0
            l2: 0.0
            weightDecay: 0.0
            clipping:
              norm: 1.0
            classWeights: none
            labelSmoothing: 0.0
            averaging: 0.0
            checkpoint:
              keep: 2
            export: best
            nonFinite: stop
            batchStatistics: replica
            engine: auto
            precision: float32
            """);
  }
}
