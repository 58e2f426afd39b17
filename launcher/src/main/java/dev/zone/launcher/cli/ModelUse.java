package dev.zone.launcher.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** How a trained model is used from plain Deeplearning4j. */
final class ModelUse {
  /** Enough of the configuration to tell a graph from a list of layers. */
  private static final int HEAD_BYTES = 8 << 20;

  private ModelUse() {}

  /**
   * @param dir the run's folder
   * @param shown the same, as people are told it
   */
  static List<String> lines(Path dir, Path shown) {
    String type =
        isGraph(dir.resolve("model/model.zip")) ? "ComputationGraph" : "MultiLayerNetwork";
    return List.of(
        "To use it from Java, with Deeplearning4j alone; model/transforms.json beside it says what"
            + " to do to raw values first:",
        "  "
            + type
            + " model = "
            + type
            + ".load(new File(\""
            + shown.resolve("model").resolve("model.zip")
            + "\"), false);",
        "  INDArray input = Nd4j.create(values, new long[] {examples, ...});  // transformed,"
            + " row-major",
        "  INDArray answer = "
            + (type.equals("ComputationGraph")
                ? "model.outputSingle(input);"
                : "model.output(input);"));
  }

  private static boolean isGraph(Path model) {
    try (ZipFile zip = new ZipFile(model.toFile())) {
      ZipEntry entry = zip.getEntry("configuration.json");
      if (entry == null) {
        return false;
      }
      byte[] head = zip.getInputStream(entry).readNBytes(HEAD_BYTES);
      return new String(head, StandardCharsets.UTF_8).contains("\"vertexInputs\"")
          || new String(head, StandardCharsets.UTF_8).contains("\"networkInputs\"");
    } catch (IOException e) {
      return false;
    }
  }
}
