package dev.zone.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DataSize;
import dev.zone.conf.JobSpec;
import dev.zone.conf.MetricName;
import dev.zone.conf.ModelSpec;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.ThresholdSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.TransformSpec;
import dev.zone.conf.UpdaterSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlBinderTest {
  private static final String TRANSFORMS = String.join(", ", Types.words(TransformSpec.class));

  private static final String JOB =
      """
      name: wm811k-defects
      dataset: chip/wm811k
      task: {type: multiclass, label: labels}
      inputs: [{column: maps, transforms: [{scale: {divideBy: 2}}, standardise]}]
      model: {architecture: cnn, filters: [16, 32, 64], dense: [128], dropout: 0.3}
      training:
        epochs: 12
        batchSize: 256
        updater: {adam: {learningRate: 0.002}}
        earlyStopping: {metric: macroF1, patience: 3}
        checkpoint: {everySteps: 200, keep: 3}
      resources: {workers: 2, perWorker: {cores: 1, memory: 3g, gpus: 0}}
      evaluation: {metrics: [accuracy, macroF1]}
      """;

  @Test
  void bindsAJobWithItsDefaults() {
    JobSpec job = bind(JOB);
    assertThat(job.name()).isEqualTo("wm811k-defects");
    assertThat(job.dataset()).hasToString("chip/wm811k");
    assertThat(job.task()).isEqualTo(new TaskSpec.Multiclass("labels"));
    assertThat(job.inputs().get(0).transforms())
        .containsExactly(new TransformSpec.Scale(2, 0), new TransformSpec.Standardise());
    assertThat(job.model())
        .isInstanceOfSatisfying(
            ModelSpec.Cnn.class,
            cnn -> {
              assertThat(cnn.filters()).containsExactly(16, 32, 64);
              assertThat(cnn.dropout()).isEqualTo(0.3);
              assertThat(cnn.kernel()).isEqualTo(3);
            });
    assertThat(job.training().updater()).isEqualTo(new UpdaterSpec.Adam(0.002, 0.9, 0.999, 1e-8));
    assertThat(job.training().seed()).isEqualTo(42);
    assertThat(job.training().export()).isEqualTo(TrainingSpec.Export.BEST);
    assertThat(job.training().checkpoint().everySteps()).contains(200);
    assertThat(job.resources().perWorker().memory()).isEqualTo(DataSize.parse("3g"));
    assertThat(job.evaluation().metrics())
        .containsExactly(MetricName.ACCURACY, MetricName.MACRO_F1);
    assertThat(job.split()).isEmpty();
  }

  @Test
  void appliesSettingsOverTheFile() {
    JobSpec job =
        bind(
            JOB,
            "training.epochs=3",
            "resources.workers=4",
            "inputs.0.column=x",
            "training.updater={sgd: {learningRate: 0.1}}",
            "training.earlyStopping=",
            "training.classWeights=balanced",
            "split.validation=0.2");
    assertThat(job.training().epochs()).isEqualTo(3);
    assertThat(job.resources().workers()).isEqualTo(4);
    assertThat(job.inputs().get(0).column()).contains("x");
    assertThat(job.training().updater()).isEqualTo(new UpdaterSpec.Sgd(0.1));
    assertThat(job.training().earlyStopping()).isEmpty();
    assertThat(job.training().classWeights()).isEqualTo(TrainingSpec.ClassWeights.BALANCED);
    assertThat(job.split().orElseThrow().validation()).isEqualTo(0.2);
  }

  @Test
  void tellsAlternativesByTheirOwnKey() {
    assertThat(bind(JOB, "model={configuration: net.json}").model())
        .isEqualTo(new ModelSpec.Configuration("net.json"));
    assertThat(bind(JOB, "task={type: binary, label: y}").task())
        .isEqualTo(new TaskSpec.Binary("y", Optional.empty(), new ThresholdSpec.Value(0.5)));
    assertThat(bind(JOB, "task={type: binary, label: y, threshold: prevalence}").task())
        .isEqualTo(new TaskSpec.Binary("y", Optional.empty(), new ThresholdSpec.Prevalence()));
    assertThat(bind(JOB, "model=mlp").model()).isInstanceOf(ModelSpec.Mlp.class);
  }

  @Test
  void findsAllProblemsOfAFileWithTheirPlaces() {
    String job =
        """
        name: x
        dataset: chips/wm811k
        task: {type: multiclas, label: y}
        inputs: [{column: [a], transforms: [standardize, {clipp: {}}, resize]}]
        model: {architecure: cnn}
        training:
          epoch: 3
          batchSize: abc
          updater: {adam: {learningRate: -1, beta: 0.3}}
          l1: .nan
          seed: "7"
          classWeights: balance
          earlyStopping: [loss]
        resources: {workers: 0}
        """;
    assertThat(problems(job))
        .containsExactly(
            "job.yaml:2:10: Cannot use dataset: chips/wm811k (expected domain/name or domain/name@version, the domain chip, manufacturing or vehicle)",
            "job.yaml:3:14: Cannot use task.type: multiclas (expected one of binary, multiclass, multilabel, regression), did you mean 'multiclass'?",
            "job.yaml:4:19: Cannot use inputs.0.column: a list (expected a text)",
            "job.yaml:4:37: Cannot use inputs.0.transforms.0: standardize (expected one of "
                + TRANSFORMS
                + "), did you mean 'standardise'?",
            "job.yaml:4:51: Cannot use key 'clipp' in inputs.0.transforms.1 (expected one of "
                + TRANSFORMS
                + "), did you mean 'clip'?",
            "job.yaml:4:63: Cannot use inputs.0.transforms.2: resize (expected a mapping, because it needs height, width)",
            "job.yaml:5:9: Cannot use key 'architecure' in model (expected one of architecture, configuration, keras), did you mean 'architecture'?",
            "job.yaml:7:3: Cannot use key 'epoch' in training (expected one of epochs, batchSize, updater, schedule, seed, l1, l2, weightDecay, clipping, classWeights, labelSmoothing, averaging, earlyStopping, checkpoint, export, validateEverySteps, nonFinite, batchStatistics, tbpttLength, engine, precision), did you mean 'epochs'?",
            "job.yaml:8:14: Cannot use training.batchSize: abc (expected a whole number from 1 to 1000000)",
            "job.yaml:9:34: Cannot use training.updater.adam.learningRate: -1 (expected a number above 0)",
            "job.yaml:9:38: Cannot use key 'beta' in training.updater.adam (expected one of learningRate, beta1, beta2, epsilon), did you mean 'beta1'?",
            "job.yaml:10:7: Cannot use training.l1: .nan (expected a number of at least 0)",
            "job.yaml:11:9: Cannot use training.seed: \"7\" (expected a whole number without quotes)",
            "job.yaml:12:17: Cannot use training.classWeights: balance (expected one of none, balanced, sqrt), did you mean 'balanced'?",
            "job.yaml:13:18: Cannot use training.earlyStopping: a list (expected a mapping with the keys metric, patience, minDelta)",
            "job.yaml:14:22: Cannot use resources.workers: 0 (expected a whole number from 1 to 1024)");
  }

  private static JobSpec bind(String yaml, String... settings) {
    Problems problems = new Problems();
    List<Setting> set =
        java.util.Arrays.stream(settings)
            .map(text -> Setting.parse(text, problems).orElseThrow())
            .toList();
    Optional<Bound<JobSpec>> bound =
        YamlBinder.parse(yaml, "job.yaml", JobSpec.class, set, problems);
    assertThat(problems.list()).isEmpty();
    return bound.orElseThrow().value();
  }

  private static List<String> problems(String yaml) {
    Problems problems = new Problems();
    assertThat(YamlBinder.parse(yaml, "job.yaml", JobSpec.class, List.of(), problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }
}
