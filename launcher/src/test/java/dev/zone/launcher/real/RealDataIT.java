package dev.zone.launcher.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each shipped job, as shipped, reaches what it must on the test split. {@code -Dzone.data=DIR}
 * names the folder of all data; {@code -Dzone.real=short} trains the two image jobs for fewer
 * epochs, with bounds to match.
 */
@Tag("real-data")
class RealDataIT {
  private static final boolean SHORT = "short".equals(System.getProperty("zone.real"));

  /** A job on a clean machine; those that take longest take a third of it. */
  private static final Duration LIMIT = Duration.ofMinutes(20);

  @TempDir private Path folder;

  @Test
  void classifiesWaferMaps() throws Exception {
    JsonObject result =
        run("chip/wm811k", SHORT ? List.of("--set", "training.epochs=3") : List.of());
    assertThat(test(result, "accuracy")).isGreaterThanOrEqualTo(SHORT ? 0.91 : 0.94);
    assertThat(test(result, "macroF1")).isGreaterThanOrEqualTo(SHORT ? 0.74 : 0.85);
  }

  @Test
  void predictsRemainingLifeOfTurbofans() throws Exception {
    assertThat(test(run("manufacturing/cmapss-fd001", List.of()), "rmse"))
        .isLessThanOrEqualTo(14.9);
  }

  @Test
  void findsMachineFailures() throws Exception {
    assertThat(test(run("manufacturing/ai4i2020", List.of()), "f1")).isGreaterThanOrEqualTo(0.80);
  }

  @Test
  void tellsFaultsOfBearingsApart() throws Exception {
    assertThat(test(run("manufacturing/cwru", List.of()), "macroF1")).isGreaterThanOrEqualTo(0.97);
  }

  @Test
  void findsFailingWafersByCrossValidation() throws Exception {
    JsonObject result = run("chip/secom", List.of());
    assertThat(test(result, "balancedError")).isLessThanOrEqualTo(0.38);
    JsonObject evaluation = json(result, "evaluation.json");
    assertThat(evaluation.getAsJsonArray("folds")).hasSize(10);
  }

  @Test
  void readsTrafficSigns() throws Exception {
    JsonObject result =
        run("vehicle/gtsrb", SHORT ? List.of("--set", "training.epochs=10") : List.of());
    assertThat(test(result, "accuracy")).isGreaterThanOrEqualTo(SHORT ? 0.90 : 0.95);
  }

  @Test
  void reportsThatTheSameFramesAreInTrainingAndTest() throws Exception {
    JsonObject result = run("vehicle/can-intrusion", List.of());
    List<String> messages = new ArrayList<>();
    for (JsonElement finding : json(result, "data.json").getAsJsonArray("findings")) {
      messages.add(
          finding.getAsJsonObject().get("severity").getAsString()
              + " "
              + finding.getAsJsonObject().get("message").getAsString());
    }
    assertThat(messages)
        .anyMatch(
            message ->
                message.startsWith("WARNING 281,076 of 281,643 test examples (99.8 %)")
                    && message.contains("have the inputs of a training example"));
    assertThat(Files.readString(Path.of(result.get("dir").getAsString()).resolve("report.html")))
        .contains("281,076 of 281,643 test examples");
  }

  private JsonObject run(String job, List<String> more) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                Path.of(System.getProperty("zone.root"), "jobs", job + ".yaml").toString(),
                "--data",
                System.getProperty("zone.data"),
                "--runs",
                folder.resolve("runs").toString(),
                "-o",
                "json"));
    arguments.addAll(more);
    JsonObject result = new ZoneProcess(folder).run(LIMIT, arguments).json();
    System.out.printf("%s: %s, %s%n", job, result.get("metrics"), result.get("seconds"));
    assertThat(result.get("state").getAsString()).isEqualTo("SUCCEEDED");
    return result;
  }

  private static double test(JsonObject result, String metric) {
    return result.getAsJsonObject("metrics").getAsJsonObject("test").get(metric).getAsDouble();
  }

  private static JsonObject json(JsonObject result, String file) throws IOException {
    return JsonParser.parseString(
            Files.readString(Path.of(result.get("dir").getAsString()).resolve(file)))
        .getAsJsonObject();
  }
}
