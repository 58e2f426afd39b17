package dev.zone.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TaskSpec.RegressionLoss;
import dev.zone.jobs.update.Dl4jTraining;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import dev.zone.jobs.window.StepTargets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class FileModelsTest {
  @TempDir private Path folder;
  private Requests requests;

  @BeforeEach
  void inThisFolder() {
    requests = new Requests().files(folder);
  }

  private static final String DL4J =
      new Requests().updater(new dev.zone.conf.UpdaterSpec.Sgd(0.5)).create().json();

  @Test
  void readsJsonAndYamlAlikeAndTrainsAsTheJobSays() throws IOException {
    write("net.json", DL4J);
    write("net.yaml", MultiLayerConfiguration.fromJson(DL4J).toYaml());
    NetworkConfiguration json = requests.model(new ModelSpec.Configuration("net.json")).create();
    NetworkConfiguration yaml = requests.model(new ModelSpec.Configuration("net.yaml")).create();
    assertThat(yaml.json()).isEqualTo(json.json());
    assertThat(json.notes())
        .containsExactly("The job's training section replaces the file's updater, schedule, seed.");
    MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(json.json());
    assertThat(((BaseLayer) conf.getConf(0).getLayer()).getIUpdater()).isEqualTo(new Adam(0.01));
    assertTrains(json);
  }

  @Test
  void readsAGraphWithTwoInputs() throws IOException {
    write("graph.json", twoInputs());
    requests.inputs(Requests.input("numbers", 7), Requests.input("image", 2, 6, 6));
    NetworkConfiguration graph = requests.model(new ModelSpec.Configuration("graph.json")).create();
    assertThat(graph.inputs()).extracting(InputLayout::name).containsExactly("numbers", "image");
    assertTrains(graph);
  }

  private static String twoInputs() {
    ComputationGraphConfiguration conf =
        new org.deeplearning4j.nn.conf.NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("a", "b")
            .setInputTypes(
                org.deeplearning4j.nn.conf.inputs.InputType.feedForward(7),
                org.deeplearning4j.nn.conf.inputs.InputType.convolutional(6, 6, 2))
            .addLayer(
                "convolution",
                new org.deeplearning4j.nn.conf.layers.ConvolutionLayer.Builder(3, 3)
                    .nOut(3)
                    .build(),
                "b")
            .addLayer(
                "image",
                new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder().nOut(4).build(),
                "convolution")
            .addVertex("both", new org.deeplearning4j.nn.conf.graph.MergeVertex(), "a", "image")
            .addLayer(
                "out",
                new org.deeplearning4j.nn.conf.layers.OutputLayer.Builder(
                        new org.nd4j.linalg.lossfunctions.impl.LossMCXENT())
                    .nOut(3)
                    .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                    .build(),
                "both")
            .setOutputs("out")
            .build();
    return conf.toJson();
  }

  @Test
  void refusesClassesOutsideTheList() throws IOException {
    write("net.json", DL4J.replace("layers.DenseLayer", "layers.DenseLayr"));
    assertThat(problems("net.json").get(0))
        .isEqualTo(
            "net.json:10: Cannot use class org.deeplearning4j.nn.conf.layers.DenseLayr (expected"
                + " one of DL4J's layers, vertices, activations, losses and the like that Zone"
                + " allows; did you mean 'DenseLayer'?)");
    write(
        "net.json",
        DL4J.replace(
            "org.deeplearning4j.nn.conf.layers.DenseLayer",
            "org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer"));
    assertThat(problems("net.json").get(0)).contains("Cannot use class").contains("SameDiffLambda");
    String yaml = MultiLayerConfiguration.fromJson(DL4J).toYaml();
    write(
        "net.yaml",
        yaml.replace("!<org.nd4j.linalg.activations.impl.ActivationReLU>", "!<java.net.URL>"));
    assertThat(problems("net.yaml").get(0))
        .startsWith("net.yaml:10: Cannot use class java.net.URL (expected");
    write(
        "net.json",
        DL4J.replace("\"layerName\" : \"dense-0\"", "\"type\" : \"java.lang.Runtime\""));
    assertThat(problems("net.json").get(0)).contains("Cannot use class java.lang.Runtime");
  }

  @Test
  void allowsOnlyClassesThatExistAndRunNoCodeOfOthers() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("allowed-classes.txt")) {
      List<String> names =
          new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .toList();
      assertThat(names).hasSizeGreaterThan(100).doesNotHaveDuplicates();
      for (String name : names) {
        Class<?> type = Class.forName(name, false, getClass().getClassLoader());
        assertThat(
                org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer.class
                    .isAssignableFrom(type))
            .as(name)
            .isFalse();
      }
    }
  }

  @Test
  void refusesTextsThatAreNoConfiguration() throws IOException {
    write("net.json", "{\"confs\": [");
    assertThat(problems("net.json").get(0)).startsWith("net.json: Cannot read configuration: ");
    write("net.json", "[1, 2]");
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot read configuration: no object (expected what DL4J's toJson writes)");
    write("net.json", "{\"layers\": 3}");
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot read configuration: keys [layers] (expected 'confs' of a"
                + " MultiLayerConfiguration or 'vertices' of a ComputationGraphConfiguration)");
    write("net.yaml", "a: &x [1]\nb: *x\n");
    assertThat(problems("net.yaml"))
        .containsExactly(
            "net.yaml: Cannot read configuration: an alias or an unfinished document (expected JSON"
                + " or YAML)");
    Files.write(folder.resolve("net.json"), new byte[] {'{', (byte) 0xff});
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot read configuration: not text (expected JSON or YAML in UTF-8)");
    Files.write(folder.resolve("net.json"), new byte[ConfigurationTree.MAX_BYTES + 1]);
    assertThat(problems("net.json").get(0))
        .endsWith("(expected at most " + ConfigurationTree.MAX_BYTES + ")");
    assertThat(problems("missing.json"))
        .containsExactly("model: Cannot read model: missing.json (expected a file; there is none)");
    assertThat(problems("../../etc/passwd"))
        .containsExactly(
            "model: Cannot read model: ../../etc/passwd (expected a file below the job file's"
                + " folder)");
  }

  @Test
  void refusesAnOutputThatDoesNotFitTheTask() throws IOException {
    write("net.json", DL4J);
    requests.task(new dev.zone.conf.TaskSpec.Multiclass("label"), 9);
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot fit layer 'output-2' to the task: nOut 3 (expected 9, one a class)");
    requests.task(Requests.binary(), 3);
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot train layer 'output-2' on this task: LossMCXENT with"
                + " ActivationSoftmax (expected LossBinaryXENT with ActivationSigmoid)");
    requests.task(Requests.regression(RegressionLoss.MSE), 3);
    assertThat(problems("net.json").get(0))
        .endsWith("(expected LossMSE, LossMAE or another loss of numbers)");
    MultiLayerConfiguration endless = MultiLayerConfiguration.fromJson(DL4J);
    endless.setConfs(endless.getConfs().subList(0, 2));
    write("net.json", endless.toJson());
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot train layer 'dense-1': DenseLayer (expected OutputLayer or LossLayer"
                + " at the end)");
  }

  @Test
  void refusesANetworkForOtherInputs() throws IOException {
    write("net.json", DL4J);
    requests.inputs(Requests.input("features", 8));
    assertThat(problems("net.json").get(0))
        .startsWith("net.json: Cannot feed the network with input features [8]: ")
        .endsWith("(expected a network for this shape)");
    requests.inputs(Requests.input("a", 7), Requests.input("b", 7));
    assertThat(problems("net.json"))
        .containsExactly("net.json: Cannot feed 1 inputs: the job has 2 (expected as many)");
  }

  @Test
  void refusesWhatTheLoopCannotTrain() throws IOException {
    write("net.json", DL4J.replace("\"dataType\" : \"FLOAT\"", "\"dataType\" : \"DOUBLE\""));
    assertThat(problems("net.json"))
        .containsExactly("net.json: Cannot train with dataType: DOUBLE (expected FLOAT)");
    write("net.json", DL4J.replace("\"Standard\"", "\"TruncatedBPTT\""));
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot train with backpropType: TruncatedBPTT (expected Standard, or windows.targets each: a piece of a window needs targets of its own)");
    // Terabytes, refused before anything is allocated.
    write(
        "net.json",
        DL4J.replace("\"nout\" : 16", "\"nout\" : 600000000")
            .replace("\"nin\" : 16", "\"nin\" : 600000000"));
    assertThat(problems("net.json").get(0))
        .startsWith("net.json: Cannot train 9600000035 parameters");
  }

  @Test
  void refusesWhatCannotPutOutOrLearnEachStep() throws IOException {
    requests.inputs(Requests.input("windows", 3, 7)).each(7, Optional.of(3));
    write("net.json", steps(new LSTM.Builder().nOut(4).build(), RNNFormat.NCW));
    NetworkConfiguration made = requests.model(new ModelSpec.Configuration("net.json")).create();
    assertThat(made.targets()).isEqualTo(new StepTargets(7, 3));
    assertThat(made.json()).contains("TruncatedBPTT");
    assertThat(made.layers().get(1).outputShape()).containsExactly(3L, 7L);
    write("net.json", steps(new LastTimeStep(new LSTM.Builder().nOut(4).build()), RNNFormat.NCW));
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot learn pieces of windows with layer 'layer0': LastTimeStep (expected recurrent layers that read forwards and stand in no other layer, because pieces hand their state on)");
    write("net.json", steps(new Bidirectional(new LSTM.Builder().nOut(4).build()), RNNFormat.NCW));
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot learn pieces of windows with layer 'layer0': Bidirectional (expected recurrent layers that read forwards and stand in no other layer, because pieces hand their state on)");
    write(
        "net.json",
        steps(new LSTM.Builder().nOut(4).dataFormat(RNNFormat.NWC).build(), RNNFormat.NWC));
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot train layer 'layer1' on steps: rnnDataFormat NWC (expected NCW)");
    write("net.json", DL4J);
    assertThat(problems("net.json"))
        .containsExactly(
            "net.json: Cannot train layer 'output-2': OutputLayer (expected RnnOutputLayer, because windows.targets is each, at the end)");
  }

  private static String steps(Layer recurrent, RNNFormat format) {
    return new NeuralNetConfiguration.Builder()
        .list()
        .layer(recurrent)
        .layer(
            new RnnOutputLayer.Builder(new LossMCXENT())
                .nOut(3)
                .dataFormat(format)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.recurrent(3, 7, format))
        .build()
        .toJson();
  }

  @Test
  void readsNetworksOverSeries() throws IOException {
    Requests windows = new Requests().files(folder).inputs(Requests.input("windows", 3, 7));
    for (ModelSpec model :
        List.of(
            new ModelSpec.Lstm(List.of(4), List.of(), 0),
            Requests.cnn1d(ModelSpec.Joint.AVERAGE, 1))) {
      write("net.json", windows.model(model).create().json());
      assertTrains(windows.model(new ModelSpec.Configuration("net.json")).create());
    }
  }

  @Test
  void takesMasksOnlyInNetworksThatSkipMaskedSteps() throws IOException {
    Requests windows = new Requests().files(folder).inputs(Requests.input("windows", 3, 7));
    for (ModelSpec model :
        List.of(
            new ModelSpec.Lstm(List.of(4), List.of(), 0),
            new ModelSpec.Bilstm(List.of(4, 3), List.of(), 0))) {
      write("net.json", windows.model(model).create().json());
      assertThat(masked().problems()).isEmpty();
    }
    String refusal =
        "net.json: Cannot use windows.pad: mask with this network: masked steps change what it"
            + " learns (expected layers of LSTM and LastTimeStep, the architectures lstm or bilstm,"
            + " or windows.pad first or drop)";
    for (ModelSpec model : List.of(Requests.cnn1d(ModelSpec.Joint.FLATTEN, 1), Requests.mlp(4))) {
      write("net.json", windows.model(model).create().json());
      assertThat(masked().problems()).containsExactly(refusal);
    }
    // DL4J reverses the padding too, and forgets the mask in the backward pass.
    write("net.json", bidirectional());
    assertThat(windows.model(new ModelSpec.Configuration("net.json")).problems()).isEmpty();
    assertThat(masked().problems()).containsExactly(refusal);
  }

  private Requests masked() {
    return new Requests()
        .files(folder)
        .inputs(
            new dev.zone.datasets.PreparedManifest.Input(
                "windows", List.of(3, 7), List.of("a", "b", "c"), true))
        .model(new ModelSpec.Configuration("net.json"));
  }

  private static String bidirectional() {
    return new org.deeplearning4j.nn.conf.NeuralNetConfiguration.Builder()
        .list()
        .layer(
            new org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep(
                new org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional(
                    new org.deeplearning4j.nn.conf.layers.LSTM.Builder().nOut(4).build())))
        .layer(
            new org.deeplearning4j.nn.conf.layers.OutputLayer.Builder(
                    new org.nd4j.linalg.lossfunctions.impl.LossMCXENT())
                .nOut(3)
                .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                .build())
        .setInputType(org.deeplearning4j.nn.conf.inputs.InputType.recurrent(3, 7))
        .build()
        .toJson();
  }

  @Test
  void normalisesByTheGlobalBatchWhereItCan() throws IOException {
    requests.statistics(dev.zone.conf.TrainingSpec.BatchStatistics.GLOBAL);
    String use = "net.json: Cannot use training.batchStatistics: global with ";
    write("net.json", DL4J);
    assertThat(problems("net.json"))
        .containsExactly(
            use
                + "this network: it has no batch normalisation (expected some, or batchStatistics: replica)");
    NetworkConfiguration normalised =
        new Requests()
            .model(new ModelSpec.Mlp(List.of(5), ModelSpec.Activation.RELU, true, 0, 0, 0))
            .create();
    write("net.json", normalised.json());
    assertThat(problems("net.json")).isEmpty();
    write(
        "net.json",
        normalised.json().replace("\"lockGammaBeta\" : false", "\"lockGammaBeta\" : true"));
    assertThat(problems("net.json"))
        .containsExactly(
            use + "layer 'normalisation-1': it locks gamma and beta (expected learnt ones)");
    MultiLayerConfiguration wrapped = MultiLayerConfiguration.fromJson(normalised.json());
    org.deeplearning4j.nn.conf.layers.Layer inner = wrapped.getConf(1).getLayer();
    wrapped.getConf(1).setLayer(new org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer(inner, 0));
    write("net.json", wrapped.toJson());
    assertThat(problems("net.json"))
        .contains(
            use
                + "layer 'layer-1': it is wrapped (expected batch normalisation as a layer of its own)");
  }

  @Test
  void importsKerasModelsWithAndWithoutWeights() throws IOException {
    for (String name : List.of("sequential.json", "functional.json", "dense.h5")) {
      try (InputStream in = getClass().getResourceAsStream("keras/" + name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
    requests.inputs(Requests.input("image", 2, 6, 5));
    NetworkConfiguration image =
        requests.model(new ModelSpec.Keras("sequential.json", false)).create();
    // Keras has channels last.
    assertThat(image.inputs().get(0).axes()).isEqualTo(InputLayout.Axes.CHANNELS_LAST);
    assertTrains(image);
    requests.inputs(Requests.input("features", 4));
    assertTrains(requests.model(new ModelSpec.Keras("functional.json", false)).create());
    NetworkConfiguration kept = requests.model(new ModelSpec.Keras("dense.h5", true)).create();
    assertTrains(kept);
    try (Dl4jTraining training = Dl4jTraining.create(kept, Optional.empty())) {
      // The first kernel holds 0, 0.01, 0.02, ... row by row; DL4J keeps it column by column.
      assertThat(training.engine().parameters().get(1)).isEqualTo(0.05f);
      assertThat(training.engine().parameters().get(4)).isEqualTo(0.01f);
    }
    assertThat(requests.model(new ModelSpec.Keras("functional.json", true)).problems())
        .containsExactly(
            "functional.json: Cannot keep weights: functional.json has none (expected a .h5 file)");
  }

  @Test
  void refusesKerasModelsThatDl4jDoesNotKnow() throws IOException {
    write("net.json", "{\"class_name\": \"Sequential\"}");
    assertThat(requests.model(new ModelSpec.Keras("net.json", false)).problems().get(0))
        .startsWith("net.json: Cannot read Keras model: ")
        .endsWith("(expected .h5 or JSON of layers that Deeplearning4j has)");
    write("net.h5", "no HDF5");
    assertThat(requests.model(new ModelSpec.Keras("net.h5", false)).problems())
        .containsExactly(
            "net.h5: Cannot read Keras model: not an HDF5 file (expected .h5 as Keras writes it)");
  }

  private static void assertTrains(NetworkConfiguration configuration) {
    Examples examples = new Examples(configuration, 8, Targets.ONE_HOT, false, 1);
    try (Dl4jTraining training = Dl4jTraining.create(configuration, Optional.empty())) {
      double first = training.engine().computeGradient(examples.batch(0, 8), 1);
      double last = first;
      for (int step = 0; step < 30; step++) {
        last = training.engine().computeGradient(examples.batch(0, 8), 1);
        training.update().apply(8, step, 0);
      }
      assertThat(last).isLessThan(0.9 * first);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private List<String> problems(String file) {
    return requests.model(new ModelSpec.Configuration(file)).problems();
  }
}
