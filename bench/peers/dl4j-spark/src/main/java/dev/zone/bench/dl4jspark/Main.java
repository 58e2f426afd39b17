package dev.zone.bench.dl4jspark;

import dev.zone.bench.contest.Examples;
import dev.zone.bench.contest.Progress;
import dev.zone.bench.contest.Workload;
import dev.zone.bench.dl4j.Networks;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;

/**
 * Trains with {@code ParameterAveragingTrainingMaster}, or with {@code SharedTrainingMaster}, on
 * two workers: threads of this JVM, or executors of a standalone cluster that this JVM starts. A
 * worker has a whole batch in a step, as two independent trainings have.
 */
public final class Main {
  private static final int WORKERS = 2;

  private Main() {}

  /** Parameters are averaged after so many steps. */
  private static TrainingMaster<?, ?> averaging(Workload workload, int steps, boolean cluster) {
    return new ParameterAveragingTrainingMaster.Builder(WORKERS, workload.batch())
        .batchSizePerWorker(workload.batch())
        .averagingFrequency(steps)
        .workerPrefetchNumBatches(2)
        .saveUpdater(true)
        // On a cluster it exports to no local files.
        .rddTrainingApproach(cluster ? RDDTrainingApproach.Direct : RDDTrainingApproach.Export)
        .build();
  }

  /** Workers tell each other the larger changes, without waiting. */
  private static TrainingMaster<?, ?> shared(Workload workload) {
    VoidConfiguration network =
        VoidConfiguration.builder()
            .unicastPort(40_123)
            .networkMask("127.0.0.0/8")
            .controllerAddress("127.0.0.1")
            .build();
    return new SharedTrainingMaster.Builder(network, workload.batch())
        .batchSizePerWorker(workload.batch())
        .workersPerNode(WORKERS)
        .build();
  }

  /**
   * @param arguments the workload, for how many seconds a usual contestant trains, after how many
   *     steps parameters are averaged ({@code shared}: changes are shared instead), and {@code
   *     cluster} if the workers are executors
   */
  public static void main(String[] arguments) {
    boolean cluster = arguments.length > 3 && arguments[3].equals("cluster");
    Workload workload = Workload.of(arguments[0]);
    int epochs = workload.epochs(Double.parseDouble(arguments[1]));
    List<DataSet> batches = Networks.batches(Examples.training(workload), workload.batch());
    int steps = epochs * batches.size();
    CountingListener.begin(new Progress(System.out, steps), WORKERS);
    TrainingMaster<?, ?> master =
        arguments[2].equals("shared")
            ? shared(workload)
            : averaging(workload, Integer.parseInt(arguments[2]), cluster);
    SparkConf conf =
        new SparkConf()
            .setMaster(cluster ? "local-cluster[" + WORKERS + ",1,2048]" : "local[" + WORKERS + "]")
            .set("spark.executor.memory", "2g")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .setAppName("bench")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      JavaRDD<DataSet> data = spark.parallelize(batches, WORKERS);
      if (!cluster) {
        // On a cluster it caches by itself.
        data = data.cache();
      }
      SparkDl4jMultiLayer training = new SparkDl4jMultiLayer(spark, Networks.of(workload), master);
      if (!cluster) {
        training.setListeners(new CountingListener());
      }
      MultiLayerNetwork network = training.getNetwork();
      // Two workers see all examples in half the steps of one.
      for (int pass = 0; pass < epochs * WORKERS; pass++) {
        network = training.fit(data);
        if (cluster) {
          CountingListener.progress().step((pass + 1) * steps / (epochs * WORKERS));
        }
      }
      List<DataSet> heldOut = Networks.batches(Examples.heldOut(workload), Workload.HELD_OUT);
      CountingListener.progress().step(steps);
      CountingListener.progress().loss(network.score(heldOut.get(0)));
    }
  }
}
