package dev.zone.bench.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.zone.bench.contest.Examples;
import dev.zone.bench.contest.Progress;
import dev.zone.bench.contest.Workload;
import java.util.Arrays;

/** Trains with PyTorch, by DJL's own trainer without what it measures for people. */
public final class Main {
  private static final int SIDE = 32;
  private static final int SEED = 7;

  private Main() {}

  /**
   * @param arguments the workload, and for how many seconds a usual contestant trains
   */
  public static void main(String[] arguments) {
    Workload workload = Workload.of(arguments[0]);
    int epochs = workload.epochs(Double.parseDouble(arguments[1]));
    int steps = epochs * workload.stepsPerEpoch();
    Engine.getInstance().setRandomSeed(SEED);
    Loss loss = Loss.softmaxCrossEntropyLoss();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(loss)
            .optOptimizer(
                Optimizer.adam()
                    .optLearningRateTracker(Tracker.fixed((float) Workload.LEARNING_RATE))
                    .build())
            .optInitializer(
                // He's, as the other contestants have.
                new XavierInitializer(
                    XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
                Parameter.Type.WEIGHT);
    try (Model model = Model.newInstance(workload.title())) {
      model.setBlock(network(workload));
      try (Trainer trainer = model.newTrainer(config);
          NDManager manager = trainer.getManager().newSubManager()) {
        trainer.initialize(shape(workload, workload.batch()));
        Data training = Data.of(manager, Examples.training(workload));
        Progress progress = new Progress(System.out, steps);
        for (int step = 0; step < steps; step++) {
          int from = step % workload.stepsPerEpoch() * workload.batch();
          step(trainer, loss, manager, training, from, workload.batch());
          progress.step(step + 1);
        }
        Data heldOut = Data.of(manager, Examples.heldOut(workload));
        NDList predicted = trainer.evaluate(new NDList(heldOut.inputs()));
        progress.loss(loss.evaluate(new NDList(heldOut.labels()), predicted).getFloat());
      }
    }
  }

  private static void step(
      Trainer trainer, Loss loss, NDManager manager, Data data, int from, int size) {
    // What is computed belongs to the manager of the inputs, and ends with it.
    try (NDManager ofStep = manager.newSubManager()) {
      String range = from + ":" + (from + size);
      NDArray inputs = data.inputs().get(range);
      NDArray labels = data.labels().get(range);
      inputs.attach(ofStep);
      labels.attach(ofStep);
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList predicted = trainer.forward(new NDList(inputs));
        collector.backward(loss.evaluate(new NDList(labels), predicted));
      }
      trainer.step();
    }
  }

  private record Data(NDArray inputs, NDArray labels) {
    static Data of(NDManager manager, Examples examples) {
      NDArray inputs =
          manager.create(examples.inputs(), shape(examples.workload(), examples.size()));
      NDArray labels = manager.create(examples.labels()).toType(DataType.INT64, false);
      return new Data(inputs, labels);
    }
  }

  private static Shape shape(Workload workload, int size) {
    return switch (workload) {
      case CNN -> new Shape(size, 1, SIDE, SIDE);
      case MLP -> new Shape(size, workload.width());
      case LSTM -> new Shape(size, workload.steps(), workload.width());
    };
  }

  private static SequentialBlock network(Workload workload) {
    SequentialBlock block = new SequentialBlock();
    switch (workload) {
      case CNN -> {
        for (int filters : Arrays.asList(16, 32)) {
          block
              .add(
                  Conv2d.builder()
                      .setKernelShape(new Shape(3, 3))
                      .optPadding(new Shape(1, 1))
                      .setFilters(filters)
                      .build())
              .add(Activation.reluBlock())
              .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        }
        block.add(Blocks.batchFlattenBlock()).add(dense(128)).add(Activation.reluBlock());
      }
      case MLP ->
          block
              .add(dense(256))
              .add(Activation.reluBlock())
              .add(dense(128))
              .add(Activation.reluBlock());
      case LSTM ->
          block
              .add(lstm(64))
              .add(lstm(32))
              .add(new LambdaBlock(all -> new NDList(all.singletonOrThrow().get(":,-1,:"))));
    }
    return block.add(dense(workload.classes()));
  }

  private static Linear dense(int units) {
    return Linear.builder().setUnits(units).build();
  }

  private static LSTM lstm(int units) {
    return LSTM.builder()
        .setNumLayers(1)
        .setStateSize(units)
        .optBatchFirst(true)
        .optReturnState(false)
        .build();
  }
}
