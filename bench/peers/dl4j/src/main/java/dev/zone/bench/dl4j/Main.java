package dev.zone.bench.dl4j;

import dev.zone.bench.contest.Examples;
import dev.zone.bench.contest.Progress;
import dev.zone.bench.contest.Workload;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** Trains with {@code MultiLayerNetwork.fit}, batch after batch, in this thread. */
public final class Main {
  private Main() {}

  /**
   * @param arguments the workload, for how many seconds a usual contestant trains, and {@code
   *     first} if one step is enough
   */
  public static void main(String[] arguments) {
    Workload workload = Workload.of(arguments[0]);
    int epochs = workload.epochs(Double.parseDouble(arguments[1]));
    Examples examples =
        arguments.length > 2 ? Examples.firstBatch(workload) : Examples.training(workload);
    List<DataSet> batches = Networks.batches(examples, workload.batch());
    Progress progress = new Progress(System.out, epochs * batches.size());
    MultiLayerNetwork network = new MultiLayerNetwork(Networks.of(workload));
    network.init();
    int step = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (DataSet batch : batches) {
        network.fit(batch);
        progress.step(++step);
      }
    }
    List<DataSet> heldOut = Networks.batches(Examples.heldOut(workload), Workload.HELD_OUT);
    progress.loss(network.score(heldOut.get(0)));
  }
}
