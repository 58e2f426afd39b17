package dev.zone.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ModelSpec;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class ModelArchiveTest {
  private static final long LIMIT = 1 << 24;

  @TempDir private Path folder;

  @Test
  void opensInPlainDl4jWithUpdaterAndCounts() throws IOException {
    NetworkConfiguration configuration = new Requests().create();
    Examples examples = new Examples(configuration, 6, Targets.ONE_HOT, false, 1);
    try (Dl4jTraining training = Dl4jTraining.create(configuration, Optional.empty())) {
      Path zip = trained(configuration, training, examples.batch(0, 6));
      MultiLayerNetwork loaded = MultiLayerNetwork.load(zip.toFile(), true);
      assertThat(loaded.params().toFloatVector()).isEqualTo(values(training.engine().parameters()));
      assertThat(loaded.updaterState().toFloatVector())
          .isEqualTo(values(training.update().state()));
      assertThat(loaded.getIterationCount()).isEqualTo(3);
      assertThat(loaded.getEpochCount()).isEqualTo(1);
      assertSamePredictions(
          training, examples, loaded.output(examples.dataSet(0, 6).getFeatures(0)));
      // And goes on training.
      loaded.fit(examples.dataSet(0, 6).getFeatures(0), examples.dataSet(0, 6).getLabels(0));
    }
  }

  @Test
  void opensAGraphInPlainDl4j() throws IOException {
    NetworkConfiguration configuration =
        new Requests()
            .inputs(Requests.input("images", 2, 8, 8))
            .model(new ModelSpec.Resnet(List.of(3, 4), 1, 1, 0))
            .create();
    Examples examples = new Examples(configuration, 6, Targets.ONE_HOT, false, 1);
    try (Dl4jTraining training = Dl4jTraining.create(configuration, Optional.empty())) {
      Path zip = trained(configuration, training, examples.batch(0, 6));
      ComputationGraph loaded = ComputationGraph.load(zip.toFile(), true);
      assertSamePredictions(
          training, examples, loaded.outputSingle(examples.dataSet(0, 6).getFeatures(0)));
    }
  }

  private static void assertSamePredictions(
      Dl4jTraining training, Examples examples, INDArray expected) {
    FloatBuffer outputs = Examples.direct(new float[18], 0, 18);
    training.engine().predict(examples.batch(0, 6), outputs);
    assertThat(values(outputs)).isEqualTo(expected.dup('c').data().asFloat());
  }

  @Test
  void isTheSameBytesForTheSameStateAndReadsBack() throws IOException {
    NetworkConfiguration configuration = new Requests().create();
    Examples examples = new Examples(configuration, 6, Targets.ONE_HOT, false, 1);
    byte[] first;
    try (Dl4jTraining training = Dl4jTraining.create(configuration, Optional.empty())) {
      first = Files.readAllBytes(trained(configuration, training, examples.batch(0, 6)));
    }
    try (Dl4jTraining training = Dl4jTraining.create(configuration, Optional.empty())) {
      Path zip = trained(configuration, training, examples.batch(0, 6));
      assertThat(Files.readAllBytes(zip)).isEqualTo(first);
      ModelArchive.Content read = ModelArchive.read(zip, LIMIT);
      assertThat(read.kind()).isEqualTo(NetworkConfiguration.Kind.LAYERS);
      assertThat(read.state().steps()).isEqualTo(3);
      assertThat(read.state().epochs()).isEqualTo(1);
      assertThat(values(read.state().parameters()))
          .isEqualTo(values(training.engine().parameters()));
      assertThat(values(read.state().updaterState().orElseThrow()))
          .isEqualTo(values(training.update().state()));
    }
  }

  @Test
  void refusesWhatItDidNotWrite() throws IOException {
    Path zip = folder.resolve("bad.zip");
    Files.writeString(zip, "no zip");
    assertThatThrownBy(() -> ModelArchive.read(zip, LIMIT))
        .hasMessageMatching("Cannot read model: .*bad.zip: not a zip file: .*");
    assertThatThrownBy(() -> ModelArchive.read(zip, 3))
        .hasMessageEndingWith("bad.zip: 6 bytes (expected at most 3)");
    store(zip, "preprocessor.bin", new byte[3]);
    assertThatThrownBy(() -> ModelArchive.read(zip, LIMIT))
        .hasMessageContaining("entry 'preprocessor.bin' (expected configuration.json, ");
    store(zip, "coefficients.bin", new byte[3]);
    assertThatThrownBy(() -> ModelArchive.read(zip, LIMIT))
        .hasMessageEndingWith("no configuration.json (expected a model of Zone)");
    String foreign = "{\"confs\": [{\"layer\": {\n\"@class\": \"javax.swing.JEditorPane\"}}]}";
    store(zip, "configuration.json", foreign.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ModelArchive.read(zip, LIMIT))
        .hasMessageContaining("configuration.json:2: Cannot use class javax.swing.JEditorPane");
    store(zip, "configuration.json", "{}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ModelArchive.read(zip, LIMIT))
        .hasMessageEndingWith("no coefficients.bin (expected a model of Zone)");
    assertThat(Nd4jVector.read(java.nio.ByteBuffer.allocate(90))).isEmpty();
  }

  @Test
  void saysWhereItCannotWrite() {
    NetworkConfiguration configuration = new Requests().create();
    ModelState state = new ModelState(FloatBuffer.allocate(3), Optional.empty(), 0, 0);
    Path zip = folder.resolve("missing").resolve("model.zip");
    assertThatThrownBy(() -> ModelArchive.write(configuration, state, zip))
        .hasMessageStartingWith("Cannot write model: " + zip);
  }

  private Path trained(NetworkConfiguration configuration, Dl4jTraining training, Batch batch) {
    for (int step = 0; step < 3; step++) {
      training.engine().computeGradient(batch, step);
      training.update().apply(batch.size(), step, 0);
    }
    Path zip = folder.resolve("model.zip");
    ModelState state =
        new ModelState(
            training.engine().parameters(), Optional.of(training.update().state()), 3, 1);
    ModelArchive.write(configuration, state, zip);
    return zip;
  }

  private static void store(Path zip, String name, byte[] bytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream zipped = new ZipOutputStream(out)) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(sum.getValue());
      zipped.putNextEntry(entry);
      zipped.write(bytes);
    }
  }

  private static float[] values(FloatBuffer buffer) {
    float[] copy = new float[buffer.limit()];
    buffer.get(0, copy);
    return copy;
  }
}
