package dev.zone.jobs.spark;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.StartSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.StartingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The trained parameters that a plan's trainings start from. */
final class StartingPoint {
  /** The most parameters that a vector in Java holds, and Adam's two numbers for each. */
  private static final long MAX_BYTES = 7L << 30;

  private static final long MAX_TRANSFORMS_BYTES = 64L << 20;

  private final String source;
  private final StartingModel model;
  private final Optional<JsonObject> transforms;
  private final boolean crossValidated;

  private StartingPoint(
      String source, StartingModel model, Optional<JsonObject> transforms, boolean crossValidated) {
    this.source = source;
    this.model = model;
    this.transforms = transforms;
    this.crossValidated = crossValidated;
  }

  /**
   * Reads the plan's starting point, if it has one.
   *
   * @param modelFiles folder of the run's model files
   * @throws ZoneException of the user's if it is no model; of the environment if it is not the file
   *     that was planned
   */
  static Optional<StartingPoint> of(PlanSpec plan, Path modelFiles) {
    if (plan.from().isEmpty()) {
      return Optional.empty();
    }
    StartSpec from = plan.from().get();
    Path zip = modelFiles.resolve(from.file());
    checkDigest(zip, from);
    return Optional.of(
        new StartingPoint(
            from.source(),
            StartingModel.open(zip, from.source(), MAX_BYTES),
            transforms(modelFiles.resolve(from.file() + ".transforms.json")),
            plan.job().evaluation().crossValidation().isPresent()));
  }

  private static void checkDigest(Path zip, StartSpec from) {
    try {
      String digest = Digests.ofFile(zip);
      if (!digest.equals(from.sha256())) {
        throw new ZoneException(
            ErrorKind.ENVIRONMENT,
            "Cannot start from %s: %s has SHA-256 %s (expected %s, as planned)"
                .formatted(from.source(), zip, digest, from.sha256()));
      }
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read the model to start from: " + zip + " (" + e.getMessage() + ")", e);
    }
  }

  /**
   * What the model's own run did to raw values; empty if the model came without, or says it ill.
   */
  private static Optional<JsonObject> transforms(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_TRANSFORMS_BYTES) {
        return Optional.empty();
      }
      return Optional.of(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
    } catch (IOException | JsonParseException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * The network, starting from here.
   *
   * @param fitted the transforms that its data went through
   * @param problems receives every difference of shapes
   * @return empty, with problems, if the parameters do not fit
   */
  Optional<NetworkConfiguration> start(
      NetworkConfiguration network, JsonObject fitted, Problems problems) {
    Optional<NetworkConfiguration> started = model.start(network, problems);
    List<String> differences =
        transforms.map(given -> TransformsDiff.of(given, fitted)).orElseGet(List::of);
    if (!differences.isEmpty()) {
      String note = "the start's transforms differ: " + String.join(", ", differences);
      started = started.map(one -> one.noting(note));
    }
    if (crossValidated) {
      String note =
          "every fold starts from "
              + source
              + ": what it learned of these data is in the figures of all folds";
      started = started.map(one -> one.noting(note));
    }
    return started;
  }
}
