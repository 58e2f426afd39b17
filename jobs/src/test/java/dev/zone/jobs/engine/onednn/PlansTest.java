package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zone.conf.ModelSpec;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.dl4j.Dl4jEngines;
import dev.zone.jobs.engine.dl4j.GraphImport;
import dev.zone.jobs.engine.graph.Fusion;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.model.Requests;
import dev.zone.jobs.update.Examples;
import dev.zone.jobs.update.Examples.Targets;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Plans come and go with the sizes of batches, and nothing of one is left in another. */
class PlansTest {
  private static final NetworkConfiguration IMAGES =
      new Requests().inputs(Requests.input("images", 2, 8, 8)).model(Requests.cnn(true)).create();

  private static float[] values(FloatBuffer buffer) {
    float[] values = new float[buffer.limit()];
    buffer.get(0, values);
    return values;
  }

  @Test
  void giveTheSameBitsInAnyOrderOfSizes() {
    Examples examples = new Examples(IMAGES, 12, Targets.ONE_HOT, true, 1);
    try (OneDnnEngine engine = Chain.engine(IMAGES)) {
      engine.computeGradient(examples.batch(0, 5), 1);
      float[] first = values(engine.gradient());
      // More sizes than plans are kept.
      for (int size = 1; size <= 12; size++) {
        engine.computeGradient(examples.batch(0, size), 1);
        engine.predict(examples.batch(0, size), Examples.direct(new float[size * 3], 0, size * 3));
      }
      engine.computeGradient(examples.batch(0, 5), 1);
      assertThat(values(engine.gradient())).isEqualTo(first);
    }
  }

  @Test
  void seeParametersThatChange() {
    Batch batch = new Examples(IMAGES, 4, Targets.ONE_HOT, false, 1).batch(0, 4);
    try (OneDnnEngine engine = Chain.engine(IMAGES)) {
      double before = engine.computeGradient(batch, 1);
      engine.parameters().put(0, engine.parameters().get(0) + 1);
      assertThat(engine.computeGradient(batch, 1)).isNotEqualTo(before);
    }
  }

  @Test
  void leaveNothingOfARankThatHasNoExample() {
    Batch batch = new Examples(IMAGES, 4, Targets.ONE_HOT, false, 1).batch(0, 4);
    try (OneDnnEngine engine = Chain.engine(IMAGES)) {
      engine.computeGradient(batch, 1);
      engine.computeNothing();
      assertThat(values(engine.gradient())).containsOnly(0);
    }
  }

  @Test
  void keepBlockedLayoutsBetweenLayers() {
    NetworkConfiguration network =
        new Requests()
            .inputs(Requests.input("images", 16, 8, 8))
            .model(
                new ModelSpec.Cnn(
                    List.of(16, 32),
                    1,
                    3,
                    false,
                    ModelSpec.Activation.RELU,
                    ModelSpec.Pooling.MAX,
                    ModelSpec.Joint.AVERAGE,
                    List.of(),
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty()))
            .create();
    Vectors vectors;
    try (Engine dl4j = Dl4jEngines.of(network)) {
      vectors = new Vectors(dl4j.parameters(), dl4j.gradient());
      try (Plan plan =
          new Plan(
              Fusion.of(GraphImport.of(network).graph().orElseThrow()),
              new Form(4, true, false, 1, 1, Precision.FLOAT32),
              vectors)) {
        List<String> steps = plan.steps();
        assertThat(steps)
            .containsSubsequence("convolution", "pooling", "convolution", "pooling")
            .doesNotContain("relu");
        // The input, and weights; never what a layer hands to the next.
        long values =
            steps.subList(0, steps.indexOf("dense")).stream().filter("reorder"::equals).count();
        assertThat(values).isLessThanOrEqualTo(4);
      }
    }
  }

  /** Layouts of sizes of 1 are all alike: nothing is copied, and addresses are the batch's. */
  @Test
  void readWhatEachBatchBrings() {
    for (int[] shape : new int[][] {{1, 6}, {3, 1}}) {
      NetworkConfiguration network =
          new Requests()
              .inputs(Requests.input("windows", shape[0], shape[1]))
              .model(new ModelSpec.Bilstm(List.of(4), List.of(), 0))
              .create();
      Examples examples = new Examples(network, 6, Targets.ONE_HOT, false, 1);
      try (Engine dl4j = Dl4jEngines.of(network);
          OneDnnEngine engine = Chain.engine(network)) {
        for (int i = 0; i < 3; i++) {
          Batch batch = examples.batch(i, i + 1);
          assertThat(engine.computeGradient(batch, 1))
              .isCloseTo(dl4j.computeGradient(batch, 1), within(1e-5));
        }
      }
    }
  }

  @Test
  void leaveHolesInAWindowToTheOtherEngine() {
    NetworkConfiguration network =
        new Requests()
            .inputs(Requests.input("windows", 3, 4))
            .model(new ModelSpec.Lstm(List.of(4), List.of(), 0))
            .create();
    Examples examples = new Examples(network, 2, Targets.ONE_HOT, false, 1);
    Batch all = examples.batch(0, 2);
    Batch some =
        new Batch(
            2,
            all.inputs(),
            all.targets(),
            all.weights(),
            Optional.of(Examples.direct(new float[] {1, 0, 1, 1, 1, 1, 1, 1}, 0, 8)));
    try (Engine dl4j = Dl4jEngines.of(network);
        OneDnnEngine engine = Chain.engine(network)) {
      assertThat(engine.computeGradient(some, 1)).isEqualTo(dl4j.computeGradient(some, 1));
      assertThat(engine.computeGradient(some, 1)).isNotEqualTo(engine.computeGradient(all, 1));
      FloatBuffer own = Examples.direct(new float[6], 0, 6);
      FloatBuffer others = Examples.direct(new float[6], 0, 6);
      engine.predict(some, own);
      dl4j.predict(some, others);
      assertThat(own).isEqualTo(others);
    }
  }
}
