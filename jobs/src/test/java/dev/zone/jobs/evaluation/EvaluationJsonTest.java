package dev.zone.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TaskSpec;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationJsonTest {
  private static final List<String> GOOD_BAD = List.of("good", "bad");

  @TempDir Path folder;

  private RunEvaluation roundTrip(RunEvaluation evaluation) throws IOException {
    Path file = Files.writeString(folder.resolve("e.json"), EvaluationJson.write(evaluation));
    return EvaluationJson.read(file);
  }

  private static RunEvaluation of(TaskSpec task, List<String> classes, Predictions given) {
    Evaluation one =
        Evaluator.evaluate(task, classes, given, OptionalDouble.of(0.4), 0.5)
            .withOrigins(example -> "a.csv:" + example);
    return new RunEvaluation(
        RunEvaluation.taskName(task),
        classes,
        OptionalDouble.of(0.4),
        Map.of(Split.VALIDATION, one, Split.TEST, one),
        List.of());
  }

  @Test
  void readsWhatItWrites() throws IOException {
    RunEvaluation binary = of(Tasks.BINARY, GOOD_BAD, Tasks.random(1, 100, 1, 2, 30));
    assertThat(roundTrip(binary)).isEqualTo(binary);
    RunEvaluation multiclass =
        of(Tasks.MULTICLASS, List.of("a", "b", "c"), Tasks.random(2, 100, 3, 2, 30));
    assertThat(roundTrip(multiclass)).isEqualTo(multiclass);
    RunEvaluation regression = of(Tasks.REGRESSION, List.of("y"), Tasks.random(3, 100, 1, 9, 30));
    assertThat(roundTrip(regression)).isEqualTo(regression);
    Predictions labels =
        new Predictions(2, 2, new float[] {.1f, .9f, .8f, .2f}, new float[] {0, 1, 1, 1});
    RunEvaluation multilabel = of(Tasks.MULTILABEL, List.of("a", "b"), labels);
    assertThat(roundTrip(multilabel)).isEqualTo(multilabel);
  }

  @Test
  void writesTheDocumentedShape() {
    Predictions given = Tasks.binary(new float[] {.9f, .1f, .7f}, 1, 0, 0);
    JsonObject json =
        JsonParser.parseString(EvaluationJson.write(of(Tasks.BINARY, GOOD_BAD, given)))
            .getAsJsonObject();
    assertThat(json.keySet()).containsExactly("task", "classes", "threshold", "splits");
    JsonObject test = json.getAsJsonObject("splits").getAsJsonObject("test");
    assertThat(test.getAsJsonObject("metrics").get("accuracy").getAsDouble()).isEqualTo(2 / 3.0);
    assertThat(test.get("confusion")).hasToString("[[1,1],[0,1]]");
    assertThat(test.getAsJsonArray("worst").get(0).getAsJsonObject().get("origin").getAsString())
        .isEqualTo("a.csv:2");
  }

  @Test
  void neverWritesNaN() {
    Evaluation undefined =
        Evaluator.evaluate(
            Tasks.BINARY,
            GOOD_BAD,
            Tasks.binary(new float[] {Float.NaN}, 0),
            OptionalDouble.empty(),
            Double.NaN);
    String json =
        EvaluationJson.write(
            new RunEvaluation(
                "binary",
                GOOD_BAD,
                OptionalDouble.empty(),
                Map.of(Split.TEST, undefined),
                List.of()));
    assertThat(json)
        .doesNotContain("NaN")
        .contains("\"auc\": \"1 of 1 examples have outputs that are not finite\"")
        .contains("\"loss\": \"the loss is not finite\"");
  }

  @Test
  void foldsHaveMeanSpreadAndASummedMatrix() throws IOException {
    Evaluation first =
        Evaluator.evaluate(
            Tasks.BINARY,
            GOOD_BAD,
            Tasks.binary(new float[] {.9f, .1f, .7f, .2f}, 1, 0, 0, 0),
            OptionalDouble.of(0.5),
            0.2);
    Evaluation second =
        Evaluator.evaluate(
            Tasks.BINARY,
            GOOD_BAD,
            Tasks.binary(new float[] {.3f, .1f}, 0, 0),
            OptionalDouble.of(0.2),
            0.4);
    RunEvaluation run =
        new RunEvaluation(
            "binary",
            GOOD_BAD,
            OptionalDouble.of(0.5),
            Map.of(),
            List.of(
                new RunEvaluation.Fold(OptionalDouble.of(0.5), Map.of(Split.TEST, first)),
                new RunEvaluation.Fold(OptionalDouble.of(0.2), Map.of(Split.TEST, second))));

    CrossValidation summary = roundTrip(run).crossValidation().orElseThrow();
    assertThat(summary).isEqualTo(run.crossValidation().orElseThrow());
    CrossValidation.Spread accuracy = summary.metrics().get(MetricName.ACCURACY);
    assertThat(accuracy.values()).containsExactly(0.75, 0.5);
    assertThat(accuracy.mean()).isEqualTo(0.625);
    assertThat(accuracy.standardDeviation().orElseThrow())
        .isCloseTo(Math.sqrt(2 * 0.125 * 0.125), within(1e-15));
    // The second fold has no positive example, so no AUC.
    CrossValidation.Spread auc = summary.metrics().get(MetricName.AUC);
    assertThat(auc.folds()).containsExactly(1);
    assertThat(auc.standardDeviation()).isEmpty();
    assertThat(summary.confusion()).isEqualTo(List.of(List.of(3L, 2L), List.of(0L, 1L)));
    assertThat(summary.classes().get(1).precision()).hasValue(1 / 3.0);
    assertThat(roundTrip(run).folds().get(0).splits().get(Split.TEST).roc()).isEmpty();
  }

  @Test
  void namesAFileThatIsNotAnEvaluation() throws IOException {
    Path file = folder.resolve("evaluation.json");
    assertThatThrownBy(() -> EvaluationJson.read(file)).hasMessageStartingWith("Cannot read ");
    for (String broken :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            "{\"task\":\"binary\",\"classes\":3,\"splits\":{}}",
            "{\"task\":\"binary\",\"splits\":{\"test\":{\"examples\":1,\"metrics\":{\"no\":1}}}}",
            "{\"task\":\"binary\",\"splits\":{\"test\":{\"examples\":1,\"metrics\":{},\"classes\":[{\"class\":4}]}}}")) {
      Files.writeString(file, broken);
      assertThatThrownBy(() -> EvaluationJson.read(file))
          .as(broken)
          .isInstanceOf(ZoneException.class)
          .hasMessageStartingWith("Cannot read " + file + ": ")
          .hasMessageEndingWith("(expected an evaluation)");
    }
  }
}
