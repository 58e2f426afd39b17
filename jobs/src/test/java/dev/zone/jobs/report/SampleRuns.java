package dev.zone.jobs.report;

import com.google.gson.Gson;
import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.ThresholdSpec;
import dev.zone.jobs.evaluation.Evaluation;
import dev.zone.jobs.evaluation.EvaluationJson;
import dev.zone.jobs.evaluation.Evaluator;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.evaluation.RunEvaluation;
import dev.zone.jobs.evaluation.Thresholds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Folders of runs as a training leaves them, from seeded synthetic predictions. {@link #main}
 * writes all kinds with their reports, to be looked at.
 */
final class SampleRuns {
  static final List<String> DEFECTS =
      List.of(
          "None",
          "Center",
          "Donut",
          "Edge-Loc",
          "Edge-Ring",
          "Loc",
          "Near-full",
          "Random",
          "Scratch");

  private final Path folder;
  private final SplittableRandom random;

  private SampleRuns(Path folder, long seed) {
    this.folder = folder;
    this.random = new SplittableRandom(seed);
  }

  /**
   * @param args the folder to write the runs into
   */
  public static void main(String[] args) throws IOException {
    Path all = Path.of(args[0]);
    Map<String, Path> runs = new LinkedHashMap<>();
    runs.put("wafers", wafers(all.resolve("wafers")));
    runs.put("signs", signs(all.resolve("signs")));
    runs.put("failures", failures(all.resolve("failures")));
    runs.put("engines", engines(all.resolve("engines")));
    runs.put("folds", folds(all.resolve("folds")));
    runs.put("often", often(all.resolve("often")));
    runs.put("modes", modes(all.resolve("modes")));
    runs.put("failed", failed(all.resolve("failed")));
    for (Path run : runs.values()) {
      ReportWriter.write(run, run.resolve("report.html"));
    }
  }

  /** Nine classes, very unequal; generated data; stopped early. */
  static Path wafers(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 1);
    double[] shares = {.59, .07, .01, .08, .15, .055, .002, .013, .03};
    Predictions validation = run.classes(4000, shares, 3.6);
    Predictions test = run.classes(4000, shares, 3.5);
    TaskSpec task = new TaskSpec.Multiclass("labels");
    run.plan("wm811k-defects", "chip/wm811k@3", "macroF1", "[accuracy, macroF1]");
    run.data("chip/wm811k@3", true, DEFECTS, counts(validation, 9), counts(test, 9));
    run.metrics(12, "accuracy", "macroF1", 9);
    run.rest("SUCCEEDED");
    run.evaluation(task, DEFECTS, OptionalDouble.empty(), validation, test);
    return folder;
  }

  /** Nine classes; validated every 50 steps, stopped by that within the third epoch. */
  static Path often(Path folder) throws IOException {
    wafers(folder);
    SampleRuns run = new SampleRuns(folder, 8);
    StringBuilder lines = new StringBuilder(run.start(12, 1));
    for (int step = 1; step <= 400; step++) {
      double loss = 1.9 * Math.exp(-step / 150.0) + 0.12;
      if (step % 50 == 0) {
        lines.append(
            line(
                "{\"type\":\"validation\",\"fold\":1,\"epoch\":%d,\"step\":%d,\"validation\":{\"loss\":%.5f,\"macroF1\":%.5f},\"best\":%b}",
                (step - 1) / 146 + 1,
                step,
                loss + 0.03 + (step > 250 ? 0.5 : 0),
                0.95 - 0.6 * Math.exp(-step / 120.0) - (step > 250 ? 0.2 : 0),
                step <= 250));
      }
      if (step % 146 == 0) {
        lines.append(
            line(
                "{\"type\":\"epoch\",\"fold\":1,\"epoch\":%d,\"step\":%d,\"loss\":%.5f,\"learningRate\":0.001,\"seconds\":%.1f,\"examplesPerSecond\":2440.0,\"best\":false}",
                step / 146, step, loss, 0.1 * step));
      }
    }
    run.write("metrics.jsonl", lines.toString());
    return folder;
  }

  /** 43 classes. */
  static Path signs(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 2);
    List<String> names = new ArrayList<>();
    String[] first = {"Speed limit", "No passing", "Priority road", "Yield", "Stop", "Road works"};
    double[] shares = new double[43];
    for (int i = 0; i < 43; i++) {
      names.add(first[i % 6] + " " + (20 + i) + (i % 7 == 0 ? " for vehicles over 3.5 t" : ""));
      shares[i] = 1.0 / (3 + i % 9);
    }
    Predictions validation = run.classes(3000, shares, 5);
    Predictions test = run.classes(12_630, shares, 5);
    run.plan("gtsrb-signs", "vehicle/gtsrb", "accuracy", "[accuracy]");
    run.data("vehicle/gtsrb", false, names, counts(validation, 43), counts(test, 43));
    run.metrics(40, "accuracy", "macroF1", 40);
    run.rest("SUCCEEDED");
    run.evaluation(
        new TaskSpec.Multiclass("ClassId"), names, OptionalDouble.empty(), validation, test);
    return folder;
  }

  /** Two classes, a chosen threshold. */
  static Path failures(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 3);
    Predictions validation = run.binary(2000, 0.034);
    Predictions test = run.binary(2000, 0.034);
    ThresholdSpec spec = new ThresholdSpec.Best(MetricName.F1);
    List<String> names = List.of("runs", "fails");
    run.plan("ai4i2020", "manufacturing/ai4i2020@1", "f1", "[f1]");
    run.data("manufacturing/ai4i2020@1", false, names, counts(validation, 2), counts(test, 2));
    run.metrics(30, "f1", "auc", 22);
    run.rest("SUCCEEDED");
    run.evaluation(
        new TaskSpec.Binary("Machine failure", Optional.empty(), spec),
        names,
        OptionalDouble.of(Thresholds.choose(spec, validation, 0.034)),
        validation,
        test);
    return folder;
  }

  /** Numbers. */
  static Path engines(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 4);
    Predictions validation = run.numbers(3000);
    Predictions test = run.numbers(100);
    run.plan("cmapss-fd001", "manufacturing/cmapss@1", "rmse", "[rmse, phm08]");
    run.data("manufacturing/cmapss@1", false, List.of("rul"), List.of(), List.of());
    run.metrics(20, "rmse", "mae", 16);
    run.rest("SUCCEEDED");
    run.evaluation(
        new TaskSpec.Regression("rul", Optional.of(125.0), 1, TaskSpec.RegressionLoss.MSE),
        List.of("rul"),
        OptionalDouble.empty(),
        validation,
        test);
    return folder;
  }

  /** Ten folds of a hard task. */
  static Path folds(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 5);
    TaskSpec task = new TaskSpec.Binary("fail", Optional.empty(), new ThresholdSpec.Prevalence());
    List<String> names = List.of("pass", "fail");
    List<RunEvaluation.Fold> folds = new ArrayList<>();
    StringBuilder lines = new StringBuilder(run.start(8, 11));
    for (int fold = 1; fold <= 10; fold++) {
      Predictions part = run.binary(157, 0.066);
      double threshold = Thresholds.choose(new ThresholdSpec.Prevalence(), part, 0.066);
      Evaluation test = Evaluator.evaluate(task, names, part, OptionalDouble.of(threshold), 0.3);
      folds.add(new RunEvaluation.Fold(OptionalDouble.of(threshold), Map.of(Split.TEST, test)));
      lines.append(run.epochs(fold, 8, "balancedError", "auc", 6));
    }
    lines.append(run.epochs(11, 8, "balancedError", "auc", 6));
    run.plan("secom", "chip/secom@1", "balancedError", "[balancedError]");
    run.data("chip/secom@1", false, names, List.of(), List.of());
    run.write("metrics.jsonl", lines.toString());
    run.rest("SUCCEEDED");
    run.write(
        "evaluation.json",
        EvaluationJson.write(
            new RunEvaluation(
                "binary",
                names,
                OptionalDouble.of(0.5),
                Map.of(
                    Split.VALIDATION,
                    Evaluator.evaluate(
                        task, names, run.binary(160, 0.066), OptionalDouble.of(0.5), 0.3)),
                folds)));
    return folder;
  }

  /** Several labels at once. */
  static Path modes(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 6);
    List<String> names = List.of("TWF", "HDF", "PWF", "OSF");
    float[] values = new float[1500 * 4];
    float[] targets = new float[1500 * 4];
    for (int i = 0; i < values.length; i++) {
      targets[i] = run.random.nextDouble() < 0.06 ? 1 : 0;
      values[i] = sigmoid(run.normal() + (targets[i] == 1 ? 1.4 : -2.8));
    }
    Predictions test = new Predictions(1500, 4, values, targets);
    run.plan("failure-modes", "manufacturing/ai4i2020@1", "macroF1", "[]");
    run.metrics(10, "macroF1", "auc", 10);
    run.rest("SUCCEEDED");
    run.evaluation(new TaskSpec.Multilabel(names), names, OptionalDouble.of(0.5), test, test);
    return folder;
  }

  /** What a run that failed early has. */
  static Path failed(Path folder) throws IOException {
    SampleRuns run = new SampleRuns(folder, 7);
    run.plan("wm811k-defects", "chip/wm811k@3", "macroF1", "[]");
    run.rest("FAILED");
    Files.delete(folder.resolve("provenance.json"));
    run.write(
        "error.json",
        "{\"kind\":\"ENVIRONMENT\",\"message\":\"Cannot go on: a worker is gone\\nrank 1 of 2\",\"trace\":\"\"}");
    return folder;
  }

  private void evaluation(
      TaskSpec task,
      List<String> names,
      OptionalDouble threshold,
      Predictions validation,
      Predictions test)
      throws IOException {
    Map<Split, Evaluation> splits =
        Map.of(
            Split.VALIDATION,
            Evaluator.evaluate(task, names, validation, threshold, 0.21),
            Split.TEST,
            Evaluator.evaluate(task, names, test, threshold, 0.2234567)
                .withOrigins(example -> "test.csv:" + (example + 2)));
    write(
        "evaluation.json",
        EvaluationJson.write(
            new RunEvaluation(RunEvaluation.taskName(task), names, threshold, splits, List.of())));
  }

  private void plan(String name, String dataset, String metric, String metrics) throws IOException {
    write(
        "plan.yaml",
        """
        format: 1
        run: %1$s-20260131-120000
        job:
          name: %1$s
          description: A sample of what a run's folder holds.
          dataset: %2$s
          training:
            epochs: 12
            batchSize: 256
            earlyStopping: {metric: %3$s, patience: 3}
          evaluation: {metrics: %4$s}
        dataset: {licence: CC BY 4.0, citation: "Somebody et al., A dataset, 2020."}
        datasetDigest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        workers: 2
        versions: {zone: 0.1.0, spark: 4.2.0, dl4j: 1.0.0-M2.1, java: 17.0.15}
        created: "2026-01-31T12:00:00Z"
        """
            .formatted(name, dataset, metric, metrics));
  }

  private void data(
      String dataset,
      boolean generated,
      List<String> classes,
      List<Long> validation,
      List<Long> test)
      throws IOException {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dataset", dataset);
    data.put("datasetDigest", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    data.put("generated", generated);
    data.put("classes", classes);
    List<String> names = IntStream.range(0, 30).mapToObj(i -> "sensor_" + i).toList();
    data.put(
        "inputs",
        List.of(
            Map.of("name", "maps", "shape", List.of(1, 52, 52), "names", List.of("die")),
            Map.of("name", "features", "shape", List.of(30), "names", names)));
    long sum = test.stream().mapToLong(Long::longValue).sum();
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("train", sum == 0 ? 17_731 : 3 * sum);
    counts.put("validation", sum == 0 ? 2900 : sum);
    counts.put("test", sum == 0 ? 100 : sum);
    data.put("counts", counts);
    data.put(
        "classCounts",
        Map.of(
            "train",
            test.stream().map(count -> 3 * count).toList(),
            "validation",
            validation,
            "test",
            test));
    data.put(
        "findings",
        List.of(
            Map.of(
                "check",
                "duplicates-across-splits",
                "severity",
                "WARNING",
                "message",
                "61 of 4,000 test examples are also in training: figures look better than they are."),
            Map.of(
                "check",
                "class-balance",
                "severity",
                "INFO",
                "message",
                "The rarest class has 0.2 % of the training examples.")));
    write("data.json", new Gson().toJson(data));
    write(
        "model/summary.json",
        """
        {"parameters": 1234826, "layers": [
          {"name": "conv1", "type": "ConvolutionLayer", "outputShape": [16, 52, 52], "parameters": 160},
          {"name": "norm1", "type": "BatchNormalization", "outputShape": [16, 52, 52], "parameters": 64},
          {"name": "conv2", "type": "ConvolutionLayer", "outputShape": [32, 26, 26], "parameters": 4640},
          {"name": "pool2", "type": "SubsamplingLayer", "outputShape": [32, 13, 13], "parameters": 0},
          {"name": "dense", "type": "DenseLayer", "outputShape": [128], "parameters": 1228801},
          {"name": "output", "type": "OutputLayer", "outputShape": [9], "parameters": 1161}]}
        """);
  }

  private void rest(String state) throws IOException {
    write("state.json", "{\"state\":\"" + state + "\",\"since\":\"2026-01-31T12:09:10Z\"}");
    write(
        "provenance.json",
        """
        {"versions": {"zone": "0.1.0", "spark": "4.2.0", "dl4j": "1.0.0-M2.1", "java": "17.0.15"},
         "seed": 7, "modelDigest": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
         "hardware": {"cpu": "a processor of 2 cores", "memory": "16 GiB", "os": "Linux 6.1"},
         "jvmFlags": ["-Xmx3g", "-XX:+UseParallelGC"],
         "native": {"library": "nd4j-native linux-x86_64-avx2", "ompThreads": 1},
         "seconds": {"data": 4.1, "train": 301.2, "evaluate": 6.7}}
        """);
  }

  private void metrics(int epochs, String first, String second, int best) throws IOException {
    write("metrics.jsonl", start(epochs, 1) + epochs(1, epochs, first, second, best));
  }

  private String start(int epochs, int folds) {
    return "{\"type\":\"start\",\"epochs\":%d,\"stepsPerEpoch\":146,\"examples\":37348,\"parameters\":1234826,\"engine\":\"dl4j\",\"workers\":2,\"folds\":%d}\n"
        .formatted(epochs, folds);
  }

  private String epochs(int fold, int epochs, String first, String second, int best) {
    StringBuilder lines = new StringBuilder();
    boolean falls = first.equals("rmse") || first.equals("balancedError");
    double seconds = 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (int part = 0; part < 5; part++) {
        seconds += 3;
        lines.append(
            line(
                "{\"type\":\"step\",\"fold\":%d,\"epoch\":%d,\"step\":%d,\"loss\":0.4,\"examplesPerSecond\":%.1f,\"seconds\":%.1f}",
                fold,
                epoch,
                (epoch - 1) * 146 + part * 29 + 1,
                2450 - 900 / (1 + seconds) + 60 * normal(),
                seconds));
      }
      double loss = 1.9 * Math.exp(-epoch / 4.0) + 0.12 + 0.01 * random.nextDouble();
      double late = loss + 0.03 + 0.004 * epoch + 0.02 * random.nextDouble();
      double share = 0.95 - 0.6 * Math.exp(-epoch / 3.5) + 0.008 * normal();
      double scale = first.equals("rmse") ? 60 : 1;
      lines.append(
          line(
              "{\"type\":\"epoch\",\"fold\":%d,\"epoch\":%d,\"step\":%d,\"loss\":%.5f,\"learningRate\":%.6f,\"seconds\":%.1f,\"examplesPerSecond\":%.1f,\"validation\":{\"loss\":%.5f,\"%s\":%.5f,\"%s\":%.5f},\"best\":%b}",
              fold,
              epoch,
              epoch * 146,
              loss,
              0.001 * Math.pow(0.9, epoch / 3),
              seconds,
              2440.0,
              late,
              first,
              scale * (falls ? 1.2 - share : share),
              second,
              scale * (falls ? 1.1 - share : share),
              epoch <= best && epoch % 2 == best % 2));
    }
    return lines.toString();
  }

  private static String line(String form, Object... values) {
    return String.format(Locale.ROOT, form, values) + "\n";
  }

  /** Softmax outputs; neighbouring classes are mistaken for each other more often. */
  private Predictions classes(int examples, double[] shares, double skill) {
    int classes = shares.length;
    float[] values = new float[examples * classes];
    float[] targets = new float[examples];
    double all = Arrays.stream(shares).sum();
    for (int example = 0; example < examples; example++) {
      int target = 0;
      double draw = random.nextDouble() * all;
      while (target < classes - 1 && draw > shares[target]) {
        draw -= shares[target];
        target++;
      }
      targets[example] = target;
      double sum = 0;
      double[] powers = new double[classes];
      for (int i = 0; i < classes; i++) {
        double pull = i == target ? skill : Math.abs(i - target) == 2 ? 1.3 : 0;
        powers[i] = Math.exp(1.2 * (pull + normal()));
        sum += powers[i];
      }
      for (int i = 0; i < classes; i++) {
        values[example * classes + i] = (float) (powers[i] / sum);
      }
    }
    return new Predictions(examples, classes, values, targets);
  }

  private Predictions binary(int examples, double share) {
    float[] values = new float[examples];
    float[] targets = new float[examples];
    for (int i = 0; i < examples; i++) {
      targets[i] = random.nextDouble() < share || i == 0 ? 1 : 0;
      values[i] = sigmoid(1.5 * normal() + (targets[i] == 1 ? 1.2 : -3.5));
    }
    return new Predictions(examples, 1, values, targets);
  }

  private Predictions numbers(int examples) {
    float[] values = new float[examples];
    float[] targets = new float[examples];
    for (int i = 0; i < examples; i++) {
      targets[i] = (float) Math.rint(random.nextDouble(5, 145));
      values[i] =
          (float) Math.max(0, Math.min(128, targets[i] + (3 + targets[i] * 0.11) * normal()));
    }
    return new Predictions(examples, 1, values, targets);
  }

  private static List<Long> counts(Predictions predictions, int classes) {
    List<Long> counts = new ArrayList<>();
    for (int index = 0; index < classes; index++) {
      long count = 0;
      for (float target : predictions.targets()) {
        count += target == index ? 1 : 0;
      }
      counts.add(count);
    }
    return counts;
  }

  private static float sigmoid(double value) {
    return (float) (1 / (1 + Math.exp(-value)));
  }

  /** About normal: the sum of twelve uniform draws. */
  private double normal() {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
