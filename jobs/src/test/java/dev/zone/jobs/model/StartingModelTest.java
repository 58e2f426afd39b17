package dev.zone.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.engine.dl4j.HostMemory;
import dev.zone.jobs.update.Dl4jTraining;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

class StartingModelTest {
  private static final long LIMIT = 1 << 24;

  @TempDir private Path folder;

  private static Requests resnet() {
    return new Requests()
        .inputs(Requests.input("images", 2, 8, 8))
        .model(new ModelSpec.Resnet(List.of(3, 4), 1, 1, 0));
  }

  private static Requests cnn(int classes) {
    return new Requests()
        .inputs(Requests.input("images", 1, 8, 8))
        .model(Requests.cnn(true))
        .task(new dev.zone.conf.TaskSpec.Multiclass("label"), classes);
  }

  private static float[] ascending(NetworkConfiguration network) {
    float[] values = new float[Math.toIntExact(network.parameters())];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.001f * i - 1;
    }
    return values;
  }

  /** An archive of ours. */
  private Path written(NetworkConfiguration network, float[] values) {
    Path zip = folder.resolve("own.zip");
    ModelArchive.write(
        network, new ModelState(FloatBuffer.wrap(values), Optional.empty(), 7, 2), zip);
    return zip;
  }

  private static NetworkConfiguration started(Path zip, NetworkConfiguration network) {
    Problems problems = new Problems();
    Optional<NetworkConfiguration> started =
        StartingModel.open(zip, "some-run", LIMIT).start(network, problems);
    assertThat(problems.list()).isEmpty();
    return started.orElseThrow();
  }

  private static List<String> problems(Path zip, NetworkConfiguration network) {
    Problems problems = new Problems();
    assertThat(StartingModel.open(zip, "some-run", LIMIT).start(network, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static float[] parametersOf(NetworkConfiguration network) {
    try (Dl4jTraining training = Dl4jTraining.create(network, Optional.empty())) {
      FloatBuffer live = HostMemory.view(training.network().parameters());
      float[] values = new float[live.limit()];
      live.get(0, values);
      return values;
    }
  }

  @Test
  void startsANetworkFromAModelOfOurs() {
    NetworkConfiguration network = cnn(3).create();
    float[] values = ascending(network);

    NetworkConfiguration started = started(written(network, values), network);

    assertThat(parametersOf(started)).isEqualTo(values);
    assertThat(started.notes()).contains("the training starts from some-run");
    assertThat(parametersOf(network)).isNotEqualTo(values);
  }

  @Test
  void startsWhereOnlyWhatIsNotLearntDiffers() {
    NetworkConfiguration network = new Requests().seed(1).create();
    NetworkConfiguration other = new Requests().seed(2).penalties(0, 0.1, 0).create();
    float[] values = ascending(network);

    assertThat(parametersOf(started(written(network, values), other))).isEqualTo(values);
  }

  @Test
  void startsFromWhatDl4jWroteWithItsUpdaterAndNormaliser() throws IOException {
    NetworkConfiguration network = new Requests().create();
    MultiLayerNetwork plain =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(network.json()));
    plain.init();
    plain.setParams(Nd4j.createFromArray(ascending(network)));
    Path zip = folder.resolve("dl4j.zip");
    NormalizerStandardize normaliser = new NormalizerStandardize(Nd4j.zeros(1, 7), Nd4j.ones(1, 7));
    ModelSerializer.writeModel(plain, zip.toFile(), true);
    ModelSerializer.addNormalizerToModel(zip.toFile(), normaliser);

    assertThat(parametersOf(started(zip, network))).isEqualTo(ascending(network));
  }

  @Test
  void startsFromAGraphThatDl4jWrote() throws IOException {
    NetworkConfiguration network = resnet().create();
    ComputationGraph plain =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(network.json()));
    plain.init();
    Path zip = folder.resolve("dl4j.zip");
    ModelSerializer.writeModel(plain, zip.toFile(), true);

    assertThat(parametersOf(started(zip, network))).isEqualTo(plain.params().toFloatVector());
  }

  @Test
  void namesEveryShapeThatDiffers() {
    Path zip = written(cnn(9).create(), ascending(cnn(9).create()));
    List<String> found = problems(zip, cnn(3).create());

    assertThat(found).hasSize(2);
    assertThat(found.get(0))
        .matches(
            "Cannot start from some-run: layer \\d+ \\(.+\\) W is \\[10, 9] \\(expected \\[10, 3],"
                + " as the job's model has\\)");
    assertThat(found.get(1))
        .matches(
            "Cannot start from some-run: layer \\d+ \\(.+\\) b is \\[1, 9] \\(expected \\[1, 3], as"
                + " the job's model has\\)|Cannot start from some-run: layer \\d+ \\(.+\\) b is \\[9]"
                + " \\(expected \\[3], as the job's model has\\)");
  }

  @Test
  void namesLayersOfAnotherTypeOrNumber() throws IOException {
    NetworkConfiguration one = new Requests().create();
    Path zip = written(one, ascending(one));

    assertThat(problems(zip, new Requests().model(Requests.mlp(16)).create()))
        .containsExactly(
            "Cannot start from some-run: it has 3 layers: DenseLayer, DenseLayer, OutputLayer"
                + " (expected 2 layers: DenseLayer, OutputLayer, as the job's model has)");
    assertThat(problems(zip, resnet().create()))
        .singleElement()
        .asString()
        .contains("it has 3 layers: ")
        .contains("(expected ")
        .contains(" vertices of a graph: ");
    MultiLayerNetwork other =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(7).nOut(16).build())
                .layer(new BatchNormalization.Builder().nIn(16).nOut(16).build())
                .layer(new OutputLayer.Builder().nIn(16).nOut(3).build())
                .build());
    other.init();
    other.save(zip.toFile());
    List<String> types = problems(zip, one);
    assertThat(types).hasSize(2);
    assertThat(types.get(0))
        .matches(
            "Cannot start from some-run: layer 2 \\(.+\\) is a BatchNormalization \\(expected a"
                + " DenseLayer, as the job's model has\\)");
    assertThat(types.get(1)).contains(" W is [16, 3] (expected [8, 3], as the job's model has)");
  }

  @Test
  void refusesAHugeLayerWithoutMakingIt() throws IOException {
    NetworkConfiguration network = new Requests().create();
    Path zip = folder.resolve("huge.zip");
    Map<String, byte[]> entries = entries(written(network, ascending(network)));
    String json = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
    String huge = json.replaceFirst("\"nout\" *: *16", "\"nout\" : 4000000000");
    assertThat(huge).isNotEqualTo(json);
    entries.put("configuration.json", huge.getBytes(StandardCharsets.UTF_8));
    deflate(zip, entries);

    assertThat(problems(zip, network))
        .singleElement()
        .asString()
        .matches(
            "Cannot start from some-run: layer 1 \\(.+\\) has 32000000000 parameters \\(expected 128,"
                + " as the job's model has\\)");
  }

  @Test
  void refusesNumbersThatAreNone() {
    NetworkConfiguration network = new Requests().create();
    float[] values = ascending(network);
    values[4] = Float.NaN;

    assertThat(problems(written(network, values), network))
        .containsExactly(
            "Cannot start from some-run: its parameter 5 of "
                + values.length
                + " is NaN (expected finite numbers)");
  }

  @Test
  void refusesFilesThatAreNoModels() throws IOException {
    NetworkConfiguration network = new Requests().create();
    Path zip = folder.resolve("bad.zip");
    Files.writeString(zip, "no zip");
    refuses(zip, "Cannot read model: some-run: not a zip file: ");
    assertThatThrownBy(() -> StartingModel.open(zip, "some-run", 3))
        .hasMessage("Cannot read model: some-run: 6 bytes (expected at most 3)");
    Map<String, byte[]> entries = entries(written(network, ascending(network)));
    byte[] configuration = entries.remove("configuration.json");
    deflate(zip, entries);
    refuses(
        zip,
        "Cannot read model: some-run: no configuration.json (expected a model of Zone or of DL4J)");
    entries.put("configuration.json", "{}".getBytes(StandardCharsets.UTF_8));
    deflate(zip, entries);
    refuses(zip, "Cannot read model: some-run: its configuration is of no network");
    entries.put(
        "configuration.json",
        "{\"confs\": [{\"layer\": {\"@class\": \"javax.swing.JEditorPane\"}}]}"
            .getBytes(StandardCharsets.UTF_8));
    deflate(zip, entries);
    refuses(zip, "some-run!/configuration.json:1: Cannot use class javax.swing.JEditorPane");
    entries.put("configuration.json", "{\"confs\": [{}]}".getBytes(StandardCharsets.UTF_8));
    deflate(zip, entries);
    refuses(zip, "Cannot start from some-run: ");

    entries.put("configuration.json", configuration);
    entries.put("coefficients.bin", new byte[80]);
    deflate(zip, entries);
    refusesParameters(zip, network, "coefficients.bin is no vector of float32 (expected one)");
    entries.put("coefficients.bin", new byte[1 << 22]);
    deflate(zip, entries);
    assertThat(Files.size(zip)).isLessThan(1 << 16);
    refusesParameters(zip, network, "bytes (expected at most that)");
    entries.remove("coefficients.bin");
    deflate(zip, entries);
    refusesParameters(zip, network, "no coefficients.bin (expected a model of Zone or of DL4J)");
  }

  private static void refuses(Path zip, String message) {
    assertThatThrownBy(() -> StartingModel.open(zip, "some-run", LIMIT))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessageStartingWith(message);
  }

  private static void refusesParameters(Path zip, NetworkConfiguration network, String message) {
    StartingModel model = StartingModel.open(zip, "some-run", LIMIT);
    assertThatThrownBy(() -> model.start(network, new Problems()))
        .hasMessageStartingWith("Cannot read model: some-run: ")
        .hasMessageEndingWith(message);
  }

  private static Map<String, byte[]> entries(Path zip) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : java.util.Collections.list(file.entries())) {
        entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static void deflate(Path zip, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream zipped = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zipped.putNextEntry(new ZipEntry(entry.getKey()));
        zipped.write(entry.getValue());
      }
    }
  }
}
