package dev.zone.bench.mllib;

import dev.zone.bench.contest.Examples;
import dev.zone.bench.contest.Progress;
import dev.zone.bench.contest.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains with MLlib's multilayer perceptron on two threads. It has no batches: each pass over all
 * examples is one step of L-BFGS, or several where its line search needs them, and hidden layers
 * are sigmoid. Passes count as the steps in which two workers see as many examples.
 */
public final class Main {
  private static final int WORKERS = 2;

  /** Examples that one matrix product takes, its own default. */
  private static final int BLOCK = 128;

  private Main() {}

  /**
   * @param arguments the workload, which must be {@code mlp}, and for how many seconds a usual
   *     contestant trains
   */
  public static void main(String[] arguments) {
    Workload workload = Workload.of(arguments[0]);
    int passes = workload.epochs(Double.parseDouble(arguments[1])) * WORKERS;
    int stepsPerPass = workload.stepsPerEpoch() / WORKERS;
    Progress progress = new Progress(System.out, passes * stepsPerPass);
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + WORKERS + "]")
            .appName("bench")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    try {
      Dataset<Row> data = table(spark, Examples.training(workload)).cache();
      // The first step is what has to be there before it.
      if (data.count() != workload.examples()) {
        throw new IllegalStateException("Spark lost examples");
      }
      spark.sparkContext().addSparkListener(new Passes(progress, stepsPerPass));
      MultilayerPerceptronClassificationModel model =
          new MultilayerPerceptronClassifier()
              .setLayers(new int[] {workload.width(), 256, 128, workload.classes()})
              .setBlockSize(BLOCK)
              .setSeed(7)
              .setTol(0)
              .setMaxIter(passes)
              .fit(data);
      progress.loss(loss(model.transform(table(spark, Examples.heldOut(workload)))));
    } finally {
      spark.stop();
    }
  }

  private static Dataset<Row> table(SparkSession spark, Examples examples) {
    int width = examples.workload().elements();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      double[] values = new double[width];
      for (int k = 0; k < width; k++) {
        values[k] = examples.inputs()[i * width + k];
      }
      rows.add(RowFactory.create((double) examples.labels()[i], Vectors.dense(values)));
    }
    StructType schema =
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType());
    return spark.createDataFrame(rows, schema).repartition(WORKERS);
  }

  private static double loss(Dataset<Row> predicted) {
    return Arrays.stream((Row[]) predicted.select("label", "probability").collect())
        .mapToDouble(
            row -> -Math.log(Math.max(1e-12, row.<Vector>getAs(1).apply((int) row.getDouble(0)))))
        .average()
        .orElseThrow();
  }

  /** Tells of passes: the jobs that add gradients. */
  private static final class Passes extends SparkListener {
    private final Progress progress;
    private final int stepsPerPass;
    private final Set<Integer> adding = new HashSet<>();
    private int passes;

    Passes(Progress progress, int stepsPerPass) {
      this.progress = progress;
      this.stepsPerPass = stepsPerPass;
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      // The last stage is named after what asked for the job.
      if (start.stageInfos().last().name().contains("LBFGS")) {
        adding.add(start.jobId());
      }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd end) {
      if (adding.remove(end.jobId())) {
        passes++;
        progress.step(passes * stepsPerPass);
      }
    }
  }
}
