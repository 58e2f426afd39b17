package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.jobs.model.ModelArchive;
import dev.zone.jobs.model.ModelState;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingPointTest {
  @TempDir private Path folder;

  private static PlanSpec plan(String evaluation, String sha256) {
    return TinyPlan.with(
        "evaluation: " + evaluation,
        "cpu",
        "from: {source: an-older-run, file: from.zip, sha256: \"%s\"}".formatted(sha256));
  }

  private NetworkConfiguration model() {
    NetworkConfiguration network = new Requests().create();
    float[] values = new float[Math.toIntExact(network.parameters())];
    ModelArchive.write(
        network,
        new ModelState(FloatBuffer.wrap(values), Optional.empty(), 0, 0),
        folder.resolve("from.zip"));
    return network;
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  @Test
  void saysThatTransformsAndFoldsAreNotTheStarts() throws IOException {
    NetworkConfiguration network = model();
    Files.writeString(folder.resolve("from.zip.transforms.json"), "{\"divideBy\": 2}");
    String digest = Digests.ofFile(folder.resolve("from.zip"));
    PlanSpec plan = plan("{crossValidation: {folds: 3}}", digest);

    NetworkConfiguration started =
        StartingPoint.of(plan, folder)
            .orElseThrow()
            .start(network, json("{\"divideBy\": 3}"), new Problems())
            .orElseThrow();

    assertThat(started.start().values()).isPresent();
    assertThat(started.notes())
        .containsExactly(
            "the training starts from an-older-run",
            "the start's transforms differ: divideBy (2 there, 3 here)",
            "every fold starts from an-older-run: what it learned of these data is in the figures"
                + " of all folds");
  }

  @Test
  void saysNothingOfEqualTransforms() throws IOException {
    NetworkConfiguration network = model();
    Files.writeString(folder.resolve("from.zip.transforms.json"), "{\"divideBy\": 2}");
    PlanSpec plan = plan("{}", Digests.ofFile(folder.resolve("from.zip")));

    assertThat(
            StartingPoint.of(plan, folder)
                .orElseThrow()
                .start(network, json("{\"divideBy\": 2}"), new Problems())
                .orElseThrow()
                .notes())
        .containsExactly("the training starts from an-older-run");
  }

  @Test
  void refusesAFileThatIsNotTheOnePlanned() {
    model();
    PlanSpec plan = plan("{}", "ab".repeat(32));
    assertThatThrownBy(() -> StartingPoint.of(plan, folder))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageMatching(
            "Cannot start from an-older-run: .*from.zip has SHA-256 [0-9a-f]{64} \\(expected"
                + " (ab){32}, as planned\\)");
  }

  @Test
  void saysThatTheFileIsGone() {
    PlanSpec plan = plan("{}", "ab".repeat(32));
    assertThatThrownBy(() -> StartingPoint.of(plan, folder))
        .hasMessageStartingWith(
            "Cannot read the model to start from: " + folder.resolve("from.zip"));
  }
}
