package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Setting;
import dev.zone.conf.yaml.YamlBinder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobRulesTest {
  private static final String JOB =
      """
      name: x
      dataset: chip/secom
      task: {type: binary, label: verdict}
      inputs:
        - columns: [force*]
          transforms: [standardise]
      model: mlp
      training: {epochs: 3, batchSize: 8}
      """;

  private static final String DATASET =
      """
      name: chip/secom
      title: t
      source: {format: delimited, files: [{path: a.csv}]}
      columns:
        part: {type: text, role: identifier}
        lot: {type: category, role: group}
        at: {type: number, role: time}
        force*: {type: number}
        note: {type: text}
        kind: {type: category}
        image: {type: tensor, shape: [8, 6]}
        wave: {type: tensor, shape: [64]}
        spare: {type: number, role: ignored}
        verdict: {type: category, role: label, classes: {0: good, 1: bad}}
        grade: {type: category, role: label, classes: {0: a, 1: b, 2: c}}
        left: {type: number, role: label}
      split: {validation: 0.2, test: 0.2}
      licence: none stated
      citation: c
      """;

  private static final String REGRESSION = "task={type: regression, label: left}";

  @Test
  void findsNothingWrongWithARightJob() {
    assertThat(problems()).isEmpty();
    assertThat(
            problems(
                "windows={group: lot, time: at, length: 4, anyRow: bad}",
                "model={architecture: lstm}",
                "augmentation=[{jitter: {sigma: 0.1}}, {noise: {sigma: 0.1}}]"))
        .isEmpty();
    assertThat(
            problems(
                "inputs=[{column: image, transforms: [oneHot, {resize: {height: 4, width: 4}}]}]",
                "model=resnet",
                "augmentation=[{rotate: {quarterTurns: true}}, flip]"))
        .isEmpty();
    assertThat(problems(REGRESSION, "evaluation.crossValidation={folds: 5}")).isEmpty();
    for (String model : List.of("lstm", "bilstm", "{configuration: net.json}")) {
      assertThat(problems("windows={group: lot, length: 4, pad: mask}", "model=" + model))
          .isEmpty();
    }
  }

  @Test
  void refusesWhatDoesNotGoTogetherInTraining() {
    assertProblems(
        List.of("training.batchSize=1"),
        "--set training.batchSize: Cannot use training.batchSize: 1 (expected at least one example for each of the 2 workers)");
    assertProblems(
        List.of("training.labelSmoothing=0.1"),
        "--set training.labelSmoothing: Cannot use training.labelSmoothing: 0.1 (expected 0, because the task is not multiclass)");
    assertProblems(
        List.of(REGRESSION, "training.classWeights=sqrt"),
        "--set training.classWeights: Cannot use training.classWeights: sqrt (expected none, because a regression has no classes)");
    assertProblems(
        List.of("training.schedule={cosine: {warmupEpochs: 3}}"),
        "--set training.schedule: Cannot use training.schedule.cosine.warmupEpochs: 3.0 (expected fewer than the 3 epochs of the training)");
    for (String model : List.of("mlp", "{architecture: mlp, hidden: [], batchNorm: true}")) {
      assertProblems(
          List.of("training.batchStatistics=global", "model=" + model),
          "--set training.batchStatistics: Cannot use training.batchStatistics: global (expected replica, because the model has no batch normalisation)");
    }
    for (String model :
        List.of("{architecture: mlp, batchNorm: true}", "{configuration: net.json}")) {
      assertThat(problems("training.batchStatistics=global", "model=" + model)).isEmpty();
    }
    assertProblems(
        List.of("training.clipping={}"),
        "--set training.clipping: Cannot use training.clipping: {} (expected exactly one of norm and value)");
    assertProblems(
        List.of("training.clipping={norm: 1, value: 2}"),
        "--set training.clipping: Cannot use training.clipping: norm and value (expected exactly one of norm and value)");
  }

  @Test
  void refusesWhatDoesNotGoTogetherInWindowsAndNetworks() {
    assertProblems(
        List.of("windows={group: lot, time: at, length: 30, average: 4}"),
        "--set windows: Cannot use windows.average: 4 (expected a divisor of windows.length: 30)");
    for (String model : List.of("mlp", "cnn1d")) {
      assertProblems(
          List.of("windows={group: lot, time: at, length: 4, pad: mask}", "model=" + model),
          "--set windows: Cannot use windows.pad: mask (expected first or drop, because "
              + model
              + " looks at every step of a window; lstm and bilstm take mask)");
    }
    assertProblems(
        List.of("inputs=[{columns: [force*], transforms: [{smooth: {weight: 0.1}}]}]"),
        "--set inputs: Cannot use inputs.0.transforms.0: smooth (expected it first, for columns of numbers, in a job that cuts windows)");
    assertProblems(
        List.of("model={architecture: mlp, hidden: [], inputL1: 0.1}"),
        "--set model: Cannot use model.inputL1: 0.1 (expected 0 without hidden layers; training.l1 does it)");
    assertProblems(
        List.of(
            "inputs=[{column: image}]",
            "model={architecture: cnn, filters: [8, 16], pools: [2, 2, 1]}"),
        "--set model: Cannot use model.pools: [2, 2, 1] (expected 2 numbers, one a block)");
    assertThat(
            problems(
                "windows={group: lot, time: at, length: 30, average: 10}",
                "inputs=[{columns: [force*], transforms: [{smooth: {weight: 0.1}}, standardise]}]"))
        .isEmpty();
  }

  @Test
  void takesATargetForEachRowOfAWindow() {
    String windows = "windows={group: lot, length: 4, pad: mask, targets: each}";
    for (String model : List.of("lstm", "bilstm", "{configuration: net.json}")) {
      assertThat(problems(windows, "model=" + model)).isEmpty();
    }
    for (String model : List.of("lstm", "{configuration: net.json}")) {
      assertThat(problems(windows, "model=" + model, "training.tbpttLength=3")).isEmpty();
    }
    assertProblems(
        List.of(
            "model=cnn1d",
            "windows={group: lot, length: 20, targets: each, average: 10, anyRow: bad}"),
        "--set windows: Cannot use windows.anyRow: bad (expected none with targets each: every row has its own label)",
        "--set windows: Cannot use windows.average: 10 (expected 1 with targets each: every row is a step)",
        "--set windows: Cannot use windows.pad: first (expected mask or drop with targets each: a repeated row has no target of its own)",
        "--set windows: Cannot use windows.targets: each (expected last, because cnn1d puts out one prediction a window; lstm and bilstm take each)");
    assertProblems(
        List.of("model=lstm", "windows={group: lot, length: 1, pad: drop, targets: each}"),
        "--set windows: Cannot use windows.length: 1 (expected 2 or more with targets each)");
  }

  @Test
  void refusesTruncationWhereItHasNoMeaning() {
    String each = "windows={group: lot, length: 4, pad: drop, targets: each}";
    assertProblems(
        List.of("training.tbpttLength=3"),
        "--set training.tbpttLength: Cannot use training.tbpttLength: 3 (expected windows in the job, with targets each)");
    assertProblems(
        List.of("training.tbpttLength=3", "model=lstm", "windows={group: lot, length: 4}"),
        "--set training.tbpttLength: Cannot use training.tbpttLength: 3 (expected windows.targets each: a piece needs targets of its own)");
    assertProblems(
        List.of("training.tbpttLength=3", "model=bilstm", each),
        "--set training.tbpttLength: Cannot use training.tbpttLength: 3 (expected none for bilstm, which reads windows from their end too)");
    assertProblems(
        List.of("training.tbpttLength=4", "model=lstm", each),
        "--set training.tbpttLength: Cannot use training.tbpttLength: 4 (expected fewer steps than windows.length: 4)");
  }

  @Test
  void refusesMetricsThatTheTaskDoesNotHave() {
    assertProblems(
        List.of("training.earlyStopping={metric: rmse}"),
        "--set training.earlyStopping: Cannot use training.earlyStopping.metric: rmse (expected one of loss, accuracy, balancedAccuracy, balancedError, macroF1, f1, precision, recall, auc, averagePrecision)");
    assertProblems(
        List.of("task={type: multiclass, label: grade}", "evaluation.metrics=[auc, f1]"),
        "--set evaluation.metrics: Cannot use evaluation.metrics.1: f1 (expected one of loss, accuracy, balancedAccuracy, balancedError, macroF1, auc)");
    assertProblems(
        List.of(REGRESSION, "evaluation.metrics=[accuracy]"),
        "--set evaluation.metrics: Cannot use evaluation.metrics.0: accuracy (expected one of loss, rmse, mae, r2, phm08)");
    assertProblems(
        List.of("task.threshold={best: {metric: auc}}"),
        "--set task.threshold: Cannot use task.threshold.best.metric: auc (expected one of accuracy, balancedAccuracy, balancedError, macroF1, f1)");
  }

  @Test
  void refusesInputsThatContradictThemselves() {
    assertProblems(
        List.of("inputs=[{}]"),
        "--set inputs: Cannot use inputs.0: neither column nor columns (expected exactly one of column and columns)");
    assertProblems(
        List.of("inputs.0.column=force1"),
        "job.yaml:5:5: Cannot use inputs.0: column and columns (expected exactly one of column and columns)");
    assertProblems(
        List.of("inputs=[{column: force*}]"),
        "--set inputs: Cannot use inputs.0.column: force* (expected one column's name; columns takes patterns)");
    assertProblems(
        List.of("inputs.0.columns=['!force1', force*]"),
        "--set inputs.0.columns: Cannot use inputs.0.columns.0: !force1 (expected columns to take before those to take out again)");
    assertProblems(
        List.of("inputs.0.columns=[force*, verdict]"),
        "--set inputs.0.columns: Cannot use inputs.0.columns.1: verdict (expected a column that is not the task's label)");
    assertProblems(
        List.of(
            "inputs.0.transforms=[clip, {clip: {low: 2, high: 1}}, {clip: {low: 2, sigmas: 3}}]"),
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.0.clip: no bounds (expected either low, high or both, or sigmas)",
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.1.clip: 2.0 to 1.0 (expected low below high)",
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.2.clip: bounds and sigmas (expected either low, high or both, or sigmas)");
    assertProblems(
        List.of("inputs.0.transforms=[{scale: {divideBy: 0}}, {minMax: {low: 1}}]"),
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.0.scale.divideBy: 0 (expected a number other than 0)",
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.1.minMax: 1.0 to 1.0 (expected low below high)");
    assertProblems(
        List.of(REGRESSION, "inputs.0.transforms=[{select: {top: 3}}]"),
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.0.select.by: anova (expected correlation, or a binary or multiclass task, which anova needs)");
    assertProblems(
        List.of(
            "task={type: multiclass, label: grade}",
            "inputs.0.transforms=[{select: {top: 3, by: correlation}}]"),
        "--set inputs.0.transforms: Cannot use inputs.0.transforms.0.select.by: correlation (expected a binary or regression task, which correlation needs)");
  }

  @Test
  void refusesModelsThatCannotReadTheInputs() {
    assertProblems(
        List.of("model={architecture: lstm}"),
        "--set model: Cannot use model.architecture: lstm (expected windows in the job, because it reads series)");
    assertProblems(
        List.of("model={architecture: cnn}", "windows={length: 4}"),
        "--set model: Cannot use model.architecture: cnn (expected cnn1d, lstm, bilstm or mlp, because the job cuts windows)",
        "--set model: Cannot use model.architecture: cnn (expected inputs that are images, or mlp)");
    assertProblems(
        List.of("model={configuration: ../net.json}"),
        "--set model: Cannot use model.configuration: ../net.json (expected a path below the job file's folder, without '..')");
    assertProblems(
        List.of("model={configuration: /etc/net.json}"),
        "--set model: Cannot use model.configuration: /etc/net.json (expected a path below the job file's folder, without '..')");
    assertProblems(
        List.of("model={keras: net.zip}"),
        "--set model: Cannot use model.keras: net.zip (expected a file that ends in .h5, .hdf5, .json)");
    assertProblems(
        List.of("model={keras: net.json, weights: true}"),
        "--set model: Cannot use model.weights: true (expected false: a JSON file holds no weights)");
  }

  @Test
  void refusesAugmentationThatDoesNotFit() {
    assertProblems(
        List.of("augmentation=[{jitter: {sigma: 1}}]"),
        "--set augmentation: Cannot use augmentation.0: jitter (expected windows in the job, because it changes series)");
    assertProblems(
        List.of("augmentation=[flip]"),
        "--set augmentation: Cannot use augmentation.0: flip (expected an input that is an image)");
    assertProblems(
        List.of("augmentation=[flip]", "windows={length: 4}"),
        "--set augmentation: Cannot use augmentation.0: flip (expected jitter, magnitude or noise, because the job cuts windows)");
    assertProblems(
        List.of(
            "inputs=[{column: image}]",
            "augmentation=[rotate, {rotate: {degrees: 3, quarterTurns: true}}, {flip: {horizontal: false}}, brightness, {rotate: {quarterTurns: true}}]"),
        "--set augmentation: Cannot use augmentation.0.rotate: no angle (expected either degrees above 0 or quarterTurns)",
        "--set augmentation: Cannot use augmentation.1.rotate: degrees and quarterTurns (expected either degrees above 0 or quarterTurns)",
        "--set augmentation: Cannot use augmentation.2.flip: neither way (expected horizontal, vertical or both)",
        "--set augmentation: Cannot use augmentation.3.brightness: no change (expected delta or contrast above 0)",
        "--set augmentation: Cannot use augmentation.1.rotate.quarterTurns: true (expected false: the images are not square)",
        "--set augmentation: Cannot use augmentation.4.rotate.quarterTurns: true (expected false: the images are not square)");
  }

  @Test
  void refusesSplitsThatContradictThemselvesOrTheDataset() {
    assertProblems(
        List.of("split={validation: 0.6, test: 0.5, time: at, stratify: verdict}"),
        "--set split: Cannot use split: shares of 0.6 and 0.5 (expected at most 0.95 together, so that training has rows)");
    assertProblems(
        List.of("split={validation: 0.2, given: [validation, test, test]}"),
        "--set split: Cannot use split.given: validation, test, test (expected each split once)",
        "--set split: Cannot use split.validation: 0.2 (expected 0, as files give the validation split)",
        "--set split: Cannot use split.given: validation (expected a split that one of the dataset's files names)",
        "--set split: Cannot use split.given: test (expected a split that one of the dataset's files names)");
    assertProblems(
        List.of("split={group: lots, stratify: force1}"),
        "--set split: Cannot use split.group: lots (expected one of the dataset's columns part, lot, at, force*, note, kind, image, wave, spare, verdict, grade, left), did you mean 'lot'?",
        "--set split: Cannot use split.stratify: force1 (expected a column of classes, not of type number)");
    assertProblems(
        List.of("split={test: 0.2}", "training.earlyStopping={patience: 3}"),
        "--set training.earlyStopping: Cannot use training.earlyStopping: no validation split (expected split.validation above 0, or none of this)");
    assertProblems(
        List.of(
            "task.threshold=prevalence", "evaluation.crossValidation={folds: 3, validation: 0}"),
        "--set evaluation.crossValidation: Cannot use evaluation.crossValidation.validation: 0 (expected above 0, because task.threshold looks at validation)");
  }

  @Test
  void refusesLabelsThatDoNotFitTheTask() {
    assertProblems(
        List.of("task.label=verdikt"),
        "--set task.label: Cannot use task.label: verdikt (expected one of the dataset's columns part, lot, at, force*, note, kind, image, wave, spare, verdict, grade, left), did you mean 'verdict'?");
    assertProblems(
        List.of("task.label=grade"),
        "--set task.label: Cannot use task.label: grade (expected a column of 2 classes, not of 3)");
    assertProblems(
        List.of("task.label=left"),
        "--set task.label: Cannot use task.label: left (expected a column whose classes the dataset declares)");
    assertProblems(
        List.of("task={type: regression, label: verdict}"),
        "--set task: Cannot use task.label: verdict (expected a column of numbers for a regression, not of type category and role label)");
    assertProblems(
        List.of("task={type: multilabel, labels: [verdict, grade, verdict]}"),
        "--set task: Cannot use task.labels: verdict, grade, verdict (expected each label once)",
        "--set task: Cannot use task.labels.1: grade (expected a column of 2 classes, not of 3)");
    assertProblems(
        List.of("task.positive=bat", "windows={length: 4, anyRow: worse}"),
        "--set task.positive: Cannot use task.positive: bat (expected one of the label's classes good, bad), did you mean 'bad'?",
        "--set windows: Cannot use windows.anyRow: worse (expected one of the label's classes good, bad)");
    assertProblems(
        List.of(REGRESSION, "windows={length: 4, anyRow: worse}"),
        "--set windows: Cannot use windows.anyRow: worse (expected none in a regression: it has no classes)");
  }

  @Test
  void refusesColumnsThatAreNotThereOrMayNotBeLearnedFrom() {
    String known =
        "(expected one of the dataset's columns part, lot, at, force*, note, kind, image, wave, spare, verdict, grade, left)";
    assertProblems(
        List.of("inputs.0.columns=[forced, knd, zz*, force*, '!yy*']"),
        "--set inputs.0.columns: Cannot use inputs.0.columns.1: knd "
            + known
            + ", did you mean 'kind'?",
        "--set inputs.0.columns: Cannot use inputs.0.columns.2: zz* " + known,
        "--set inputs.0.columns: Cannot use inputs.0.columns.4: !yy* " + known);
    assertProblems(
        List.of("inputs.0.columns=[force*, grade, spare, lot]"),
        "--set inputs.0.columns: Cannot use inputs.0.columns.1: grade (expected a column whose role is input, not of type category and role label)",
        "--set inputs.0.columns: Cannot use inputs.0.columns.2: spare (expected a column whose role is input, not of type number and role ignored)",
        "--set inputs.0.columns: Cannot use inputs.0.columns.3: lot (expected a column whose role is input, not of type category and role group)");
    assertProblems(
        List.of("inputs.0.columns=[kind, '!kind']"),
        "--set inputs.0.columns: Cannot use inputs.0.columns: none left (expected at least one column)");
    assertProblems(
        List.of("windows={group: lott, time: lot, length: 3}"),
        "--set windows: Cannot use windows.group: lott " + known + ", did you mean 'lot'?",
        "--set windows: Cannot use windows.time: lot (expected a column of numbers or timestamps, not of type category and role group)");
  }

  @Test
  void refusesDerivedColumnsThatLeakOrClash() {
    assertThat(
            problems(
                "derive={twice: {product: {columns: [force1, force2]}}}",
                "inputs.0.columns=[twice]"))
        .isEmpty();
    assertProblems(
        List.of(
            "derive={force1: {ratio: {columns: [left, force2]}}, b: {difference: {columns: [kind, nothing]}}}"),
        "--set derive: Cannot use derive.force1: force1 (expected a name that no column of the dataset has)",
        "--set derive: Cannot use derive.force1.ratio.columns.0: left (expected an input column of numbers, not of type number and role label)",
        "--set derive: Cannot use derive.b.difference.columns.0: kind (expected an input column of numbers, not of type category)",
        "--set derive: Cannot use derive.b.difference.columns.1: nothing (expected one of the dataset's columns part, lot, at, force*, note, kind, image, wave, spare, verdict, grade, left)");
  }

  @Test
  void refusesTransformsThatDoNotFitTheColumns() {
    assertProblems(
        List.of("inputs=[{column: kind}, {column: note}, {columns: [image, force1]}]"),
        "--set inputs: Cannot use inputs.0: kind (expected oneHot among the transforms of categories)",
        "--set inputs: Cannot use inputs.1: note (expected columns of numbers, categories or tensors)",
        "--set inputs: Cannot use inputs.2: image among others (expected tensors in inputs of their own)");
    assertProblems(
        List.of(
            "inputs=[{column: kind, transforms: [standardise, oneHot]}, {column: force1, transforms: [{resize: {height: 2, width: 2}}, normaliseEach]}]"),
        "--set inputs: Cannot use inputs.0.transforms.0: standardise (expected oneHot before it, because of the categories kind)",
        "--set inputs: Cannot use inputs.1.transforms.0: resize (expected an input that is an image)",
        "--set inputs: Cannot use inputs.1.transforms.1: normaliseEach (expected an input that is a tensor, or windows in the job)");
    assertProblems(
        List.of(
            "inputs=[{column: image, transforms: [impute]}, {column: wave, transforms: [{resize: {height: 2, width: 2}}]}]",
            "model=cnn"),
        "--set inputs: Cannot use inputs.0.transforms.0: impute (expected a transform of tensors, because image is one)",
        "--set model: Cannot use model.architecture: cnn (expected inputs that are images, or mlp)",
        "--set inputs: Cannot use inputs.1.transforms.0: resize (expected none, because wave is not an image)");
    assertProblems(
        List.of("inputs=[{column: wave, transforms: [{piecewiseLinear: {bins: 4}}]}]"),
        "--set inputs: Cannot use inputs.0.transforms.0: piecewiseLinear (expected a transform of tensors, because wave is one)");
    assertProblems(
        List.of("inputs=[{column: image}]", "windows={length: 4}"),
        "--set inputs: Cannot use inputs.0: image (expected no tensors, because the job cuts windows)");
  }

  private static void assertProblems(List<String> settings, String... expected) {
    assertThat(problems(settings.toArray(String[]::new))).containsExactly(expected);
  }

  private static List<String> problems(String... settings) {
    Problems problems = new Problems();
    List<Setting> set =
        Arrays.stream(settings).map(s -> Setting.parse(s, problems).orElseThrow()).toList();
    Optional<Bound<JobSpec>> job = YamlBinder.parse(JOB, "job.yaml", JobSpec.class, set, problems);
    Optional<Bound<DatasetSpec>> dataset =
        YamlBinder.parse(DATASET, "dataset.yaml", DatasetSpec.class, List.of(), problems);
    assertThat(problems.list()).isEmpty();
    DatasetRules.check(dataset.orElseThrow().value(), dataset.orElseThrow().locations(), problems);
    assertThat(problems.list()).isEmpty();
    JobRules.check(job.orElseThrow().value(), job.orElseThrow().locations(), problems);
    JobRules.checkAgainst(
        job.orElseThrow().value(),
        dataset.orElseThrow().value(),
        job.orElseThrow().locations(),
        problems);
    return problems.list().stream().map(Problem::toString).toList();
  }
}
