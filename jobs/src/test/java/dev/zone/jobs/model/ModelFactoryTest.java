package dev.zone.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.ModelSpec.Activation;
import dev.zone.conf.ModelSpec.Joint;
import dev.zone.conf.ModelSpec.Pooling;
import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.UpdaterSpec;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.RmsProp;

class ModelFactoryTest {

  @Test
  void tellsLayersParametersAndMemoryOfAnMlp() {
    NetworkConfiguration mlp = new Requests().model(Requests.mlp(16, 8)).create();
    assertThat(mlp.parameters()).isEqualTo(7 * 16 + 16 + 16 * 8 + 8 + 8 * 3 + 3);
    assertThat(mlp.layers())
        .extracting(LayerSummary::name, LayerSummary::type, LayerSummary::outputShape)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("dense-0", "DenseLayer", List.of(16L)),
            org.assertj.core.groups.Tuple.tuple("dense-1", "DenseLayer", List.of(8L)),
            org.assertj.core.groups.Tuple.tuple("output-2", "OutputLayer", List.of(3L)));
    assertThat(mlp.size().updaterState()).isEqualTo(2 * mlp.parameters());
    assertThat(mlp.memoryBytes(1000) - mlp.memoryBytes(500))
        .isGreaterThanOrEqualTo(500 * 4 * (7 + 16 + 8 + 3));
  }

  @Test
  void flattensImagesAndWindowsForAnMlp() {
    NetworkConfiguration mlp = new Requests().inputs(Requests.input("maps", 2, 5, 6)).create();
    assertThat(mlp.inputs().get(0).axes()).isEqualTo(InputLayout.Axes.FLAT);
    assertThat(mlp.layers().get(0).parameters()).isEqualTo(60 * 16 + 16);
  }

  @Test
  void makesALinearModelWithoutHiddenLayers() {
    NetworkConfiguration linear = new Requests().model(Requests.mlp()).create();
    assertThat(linear.parameters()).isEqualTo(7 * 3 + 3);
  }

  @Test
  void halvesImagesBlockByBlock() {
    ModelSpec spec =
        new ModelSpec.Cnn(
            List.of(4, 8),
            2,
            3,
            true,
            Activation.ELU,
            Pooling.AVERAGE,
            Joint.MAX,
            List.of(5),
            0.1,
            0.2,
            Optional.empty(),
            Optional.empty());
    NetworkConfiguration cnn =
        new Requests().inputs(Requests.input("maps", 3, 12, 10)).model(spec).create();
    assertThat(shapes(cnn, "SubsamplingLayer"))
        .containsExactly(List.of(4L, 6L, 5L), List.of(8L, 3L, 2L));
    assertThat(shapes(cnn, "GlobalPoolingLayer")).containsExactly(List.of(8L));
    assertThat(cnn.layers()).extracting(LayerSummary::type).contains("DropoutLayer");
  }

  @Test
  void shrinksImagesByStemAndPools() {
    Requests images = new Requests().inputs(Requests.input("maps", 2, 24, 26));
    assertThat(shapes(images.model(stemmed(List.of(3, 1))).create(), "ConvolutionLayer"))
        .containsExactly(List.of(5L, 12L, 13L), List.of(4L, 12L, 13L), List.of(8L, 4L, 4L));
    assertThat(images.model(stemmed(List.of(2))).problems())
        .containsExactly(
            "model.pools: Cannot build cnn: 1 numbers in pools (expected 2, one a block)");
    assertThat(images.model(stemmed(List.of(8, 2))).problems())
        .containsExactly(
            "model: Cannot build cnn: input 'maps' of 24x26 pixels, divided by 32 (expected at most"
                + " 24)");
  }

  private static ModelSpec stemmed(List<Integer> pools) {
    return new ModelSpec.Cnn(
        List.of(4, 8),
        1,
        3,
        false,
        Activation.RELU,
        Pooling.MAX,
        Joint.FLATTEN,
        List.of(),
        0,
        0,
        Optional.of(new ModelSpec.Stem(5, 4, 2)),
        Optional.of(pools));
  }

  @Test
  void penalisesTheFirstLayerMore() {
    ModelSpec spec = new ModelSpec.Mlp(List.of(6), Activation.RELU, false, 0, 0, 0.25);
    MultiLayerConfiguration conf =
        MultiLayerConfiguration.fromJson(new Requests().model(spec).create().json());
    assertThat(((BaseLayer) conf.getConf(0).getLayer()).getRegularization())
        .containsExactly(new org.nd4j.linalg.learning.regularization.L1Regularization(0.25));
    assertThat(((BaseLayer) conf.getConf(1).getLayer()).getRegularization()).isEmpty();
  }

  @Test
  void halvesImagesStageByStageInAResnet() {
    NetworkConfiguration resnet =
        new Requests()
            .inputs(Requests.input("images", 3, 32, 32))
            .model(new ModelSpec.Resnet(List.of(4, 8, 16), 2, 2, 0.2))
            .create();
    assertThat(resnet.kind()).isEqualTo(NetworkConfiguration.Kind.GRAPH);
    assertThat(shapes(resnet, "ElementWiseVertex"))
        .containsExactly(
            List.of(4L, 16L, 16L),
            List.of(4L, 16L, 16L),
            List.of(8L, 8L, 8L),
            List.of(8L, 8L, 8L),
            List.of(16L, 4L, 4L),
            List.of(16L, 4L, 4L));
  }

  @Test
  void readsWindowsBothWays() {
    Requests series = new Requests().inputs(Requests.input("windows", 14, 30));
    NetworkConfiguration lstm =
        series.model(new ModelSpec.Lstm(List.of(8, 4), List.of(6), 0.1)).create();
    assertThat(lstm.layers())
        .extracting(LayerSummary::outputShape)
        .containsExactly(List.of(8L, 30L), List.of(4L), List.of(6L), List.of(3L));
    NetworkConfiguration both =
        series.model(new ModelSpec.Bilstm(List.of(8, 4), List.of(6), 0.1)).create();
    assertThat(both.layers().get(both.layers().size() - 3).outputShape()).containsExactly(8L);
    NetworkConfiguration cnn1d = series.model(Requests.cnn1d(Joint.FLATTEN, 2)).create();
    assertThat(shapes(cnn1d, "Subsampling1DLayer"))
        .containsExactly(List.of(5L, 15L), List.of(4L, 7L));
    assertThat(cnn1d.layers().get(4).parameters()).isEqualTo(4 * 7 * 6 + 6);
  }

  @Test
  void usesTheUpdaterOfTheJob() {
    assertThat(updater(new UpdaterSpec.AmsGrad(0.01))).isInstanceOf(AMSGrad.class);
    assertThat(updater(new UpdaterSpec.AdaMax(0.01))).isInstanceOf(AdaMax.class);
    assertThat(updater(new UpdaterSpec.Nadam(0.01))).isInstanceOf(Nadam.class);
    assertThat(updater(new UpdaterSpec.AdaGrad(0.01))).isInstanceOf(AdaGrad.class);
    IUpdater rms = updater(new UpdaterSpec.RmsProp(0.01, 0.9));
    assertThat(rms)
        .isInstanceOfSatisfying(RmsProp.class, r -> assertThat(r.getRmsDecay()).isEqualTo(0.9));
    assertThat(rms.getLearningRate(3, 1)).isEqualTo(0.01);
  }

  private static IUpdater updater(UpdaterSpec spec) {
    return first(new Requests().updater(spec)).getIUpdater();
  }

  @Test
  void schedulesTheRateByEpochOrAlongACosine() {
    IUpdater step = first(new Requests().schedule(new ScheduleSpec.Step(2, 0.1))).getIUpdater();
    assertThat(step.getLearningRate(19, 1)).isEqualTo(0.01);
    assertThat(step.getLearningRate(20, 2))
        .isCloseTo(0.001, org.assertj.core.data.Offset.offset(1e-12));
    // 5 epochs of 10 steps, the first of them warm-up.
    IUpdater cosine = first(new Requests().schedule(new ScheduleSpec.Cosine(1, 0.1))).getIUpdater();
    org.assertj.core.data.Offset<Double> near = org.assertj.core.data.Offset.offset(1e-5);
    assertThat(cosine.getLearningRate(0, 0)).isCloseTo(0.001, near);
    assertThat(cosine.getLearningRate(9, 0)).isCloseTo(0.01, near);
    assertThat(cosine.getLearningRate(10, 1)).isCloseTo(0.01, near);
    assertThat(cosine.getLearningRate(49, 4)).isCloseTo(0.001, near);
    assertThat(cosine.getLearningRate(5000, 500)).isCloseTo(0.001, near);
  }

  @Test
  void boundsTheScheduleOfALongTraining() {
    BaseLayer layer = first(new Requests().epochs(5000).schedule(new ScheduleSpec.Cosine(10, 0)));
    String json = layer.getIUpdater().toString();
    assertThat(json.length()).isLessThan(20_000);
    double before = 0.01;
    for (int step = 100; step < 50_000; step += 10) {
      double rate = layer.getIUpdater().getLearningRate(step, step / 10);
      assertThat(rate).isBetween(before - 2e-4, before + 1e-12);
      before = rate;
    }
    assertThat(before).isLessThan(1e-4);
  }

  @Test
  void refusesInputsThatAnArchitectureCannotTake() {
    assertThat(new Requests().model(Requests.cnn(false)).problems())
        .containsExactly(
            "model: Cannot build cnn: input 'features' has shape [7] (expected [channels, height,"
                + " width])");
    assertThat(new Requests().model(new ModelSpec.Lstm(List.of(3), List.of(), 0)).problems())
        .containsExactly(
            "model: Cannot build lstm: input 'features' has shape [7] (expected windows of"
                + " [columns, length])");
    assertThat(
            new Requests().inputs(Requests.input("a", 3), Requests.input("b", 2, 4, 4)).problems())
        .containsExactly(
            "model: Cannot build mlp: 2 inputs (expected 1; a ComputationGraph configuration takes"
                + " several)");
  }

  @Test
  void refusesMorePoolingThanThereIs() {
    assertThat(
            new Requests()
                .inputs(Requests.input("maps", 1, 3, 9))
                .model(Requests.cnn(false))
                .problems())
        .containsExactly(
            "model: Cannot build cnn: input 'maps' of 3x9 pixels, divided by 4 (expected at most"
                + " 3)");
    assertThat(
            new Requests()
                .inputs(Requests.input("windows", 1, 8))
                .model(Requests.cnn1d(Joint.MAX, 4))
                .problems())
        .containsExactly(
            "model: Cannot build cnn1d: input 'windows' of 8 steps, pooled 2 times by 4 (expected"
                + " one step or more to be left)");
  }

  @Test
  void refusesToClipByTwoLimitsOrNone() {
    assertThat(new Requests().clipping(Optional.of(1.0), Optional.of(1.0)).problems())
        .containsExactly(
            "training.clipping: Cannot clip gradients by norm and value (expected either norm or"
                + " value)");
    assertThat(new Requests().clipping(Optional.empty(), Optional.empty()).problems())
        .containsExactly(
            "training.clipping: Cannot clip gradients by nothing (expected either norm or value)");
  }

  @Test
  void givesDropoutAsTheShareThatStays() {
    Requests request =
        new Requests().model(new ModelSpec.Mlp(List.of(6), Activation.SELU, true, 0.25, 0.5, 0));
    MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(request.create().json());
    assertThat(conf.getConf(0).getLayer().getIDropout())
        .isEqualTo(new org.deeplearning4j.nn.conf.dropout.Dropout(0.5));
    assertThat(((OutputLayer) conf.getConf(3).getLayer()).getIDropout())
        .isEqualTo(new org.deeplearning4j.nn.conf.dropout.Dropout(0.75));
  }

  private static BaseLayer first(Requests request) {
    MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(request.create().json());
    return (BaseLayer) conf.getConf(0).getLayer();
  }

  private static List<List<Long>> shapes(NetworkConfiguration network, String type) {
    return network.layers().stream()
        .filter(layer -> layer.type().equals(type))
        .map(LayerSummary::outputShape)
        .toList();
  }
}
