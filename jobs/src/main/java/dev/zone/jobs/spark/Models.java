package dev.zone.jobs.spark;

import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.model.ModelArchive;
import dev.zone.jobs.model.ModelState;
import dev.zone.jobs.model.NetworkConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    return sha256(file);
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read file: " + file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot compute SHA-256, which every JDK has", e);
    }
  }
}
