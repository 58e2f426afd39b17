package dev.zone.jobs.spark;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.jobs.model.ModelArchive;
import dev.zone.jobs.model.ModelState;
import dev.zone.jobs.model.NetworkConfiguration;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The exported model. */
final class Models {
  private Models() {}

  /**
   * Writes {@code model.zip}.
   *
   * @return SHA-256 of the file, hexadecimal
   */
  static String write(NetworkConfiguration network, RankOutcome.FitResult result, Path file) {
    ModelState state =
        new ModelState(
            FloatBuffer.wrap(result.parameters()),
            Optional.empty(),
            result.steps(),
            result.epochs());
    ModelArchive.write(network, state, file);
    try {
      return Digests.ofFile(file);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read file: " + file, e);
    }
  }
}
