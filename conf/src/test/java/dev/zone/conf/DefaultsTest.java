package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.conf.yaml.YamlWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What keys that are not given are. */
class DefaultsTest {
  @Test
  void ofAJob() {
    assertThat(
            written(
                """
                {name: x, dataset: chip/demo, task: {type: regression, label: y},
                 inputs: [{column: a}], model: mlp, training: {epochs: 1, batchSize: 2}}
                """,
                JobSpec.class))
        .isEqualTo(
            """
            name: x
            dataset: chip/demo
            task:
              type: regression
              label: "y"
              divideBy: 1.0
              loss: mse
            derive: {}
            inputs:
              - column: a
                transforms: []
            augmentation: []
            model:
              architecture: mlp
              hidden: [128, 64]
              activation: relu
              batchNorm: false
              dropout: 0.0
              inputDropout: 0.0
              inputL1: 0.0
            training:
              epochs: 1
              batchSize: 2
              updater:
                adam:
                  learningRate: 0.001
                  beta1: 0.9
                  beta2: 0.999
                  epsilon: 1.0E-8
              schedule: constant
              seed: 42
              l1: 0.0
              l2: 0.0
              weightDecay: 0.0
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
            resources:
              workers: 2
              perWorker:
                cores: 1
                memory: "2g"
                gpus: 0
                computing:
                  threads: 1
                  oneDnn: true
              deadlineSeconds: 60
              cpuFallback: false
            retry:
              maxAttempts: 3
              backoffSeconds: 2.0
            evaluation:
              metrics: []
            """);
  }

  @Test
  void ofADataset() {
    assertThat(
            written(
                """
                {name: chip/demo, title: t, source: {format: delimited, files: [{path: a.csv}]},
                 columns: {a: {}}, licence: l, citation: c}
                """,
                DatasetSpec.class))
        .isEqualTo(
            """
            name: chip/demo
            title: t
            source:
              format: delimited
              files:
                - path: a.csv
                  values: {}
                  except: []
                  transposed: false
                  beside: []
              separator: ","
              header: true
              encoding: UTF-8
              missing: ["", NaN, nan, NA, "null"]
              skip: 0
              decimal: "."
            columns:
              a:
                type: number
                role: input
                classes: {}
                missing: true
                rowNumber: false
            split:
              given: []
              validation: 0.0
              test: 0.0
              seed: 1
            feed:
              rejectedShare: 0.05
              key: []
            licence: l
            citation: c
            """);
  }

  @Test
  void ofAlternatives() {
    assertThat(
            written(
                """
                updater: rmsprop
                schedule: cosine
                epochs: 1
                batchSize: 1
                earlyStopping: {}
                """,
                TrainingSpec.class))
        .contains("rmsprop:\n    learningRate: 0.001\n    decay: 0.95\n")
        .contains("cosine:\n    warmupEpochs: 0.0\n    finalFraction: 0.0\n")
        .contains("earlyStopping:\n  metric: loss\n  patience: 5\n  minDelta: 0.0\n");
    assertThat(
            written(
                "{column: a, transforms: [impute, minMax, scale, clip, {select: {top: 3}}, {resize: {height: 3, width: 4}}]}",
                InputSpec.class))
        .isEqualTo(
            """
            column: a
            transforms:
              - impute:
                  strategy: median
                  value: 0.0
              - minMax:
                  low: 0.0
                  high: 1.0
              - scale:
                  divideBy: 1.0
                  subtract: 0.0
              - clip
              - select:
                  top: 3
                  by: anova
              - resize:
                  height: 3
                  width: 4
                  interpolation: bilinear
            """);
  }

  private static String written(String yaml, Class<? extends Record> type) {
    Problems problems = new Problems();
    var bound = YamlBinder.parse(yaml, "x.yaml", type, List.of(), problems);
    assertThat(problems.list()).isEmpty();
    return YamlWriter.write(bound.orElseThrow().value());
  }
}
