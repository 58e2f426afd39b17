package dev.zone.conf;

import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a job learns. Decides the output layer, the loss and the metrics. */
@Choice(tag = "type")
@Doc("What is learned.")
public sealed interface TaskSpec
    permits TaskSpec.Binary, TaskSpec.Multiclass, TaskSpec.Multilabel, TaskSpec.Regression {
  /** The columns to learn, in output order. */
  List<String> labels();

  @Doc("One of two classes. One sigmoid output, the probability of the positive class.")
  record Binary(
      @Doc("The label's column.") String label,
      @Doc("Name of the class to find; the last of the label's classes if not given.")
          Optional<String> positive,
      @Doc("From which probability on the positive class is said.") @Default("{value: 0.5}")
          ThresholdSpec threshold)
      implements TaskSpec {
    @Override
    public List<String> labels() {
      return List.of(label);
    }
  }

  @Doc("One of several classes. One softmax output a class.")
  record Multiclass(@Doc("The label's column.") String label) implements TaskSpec {
    @Override
    public List<String> labels() {
      return List.of(label);
    }
  }

  @Doc("Any number of several labels, each a column of two classes. One sigmoid output a label.")
  record Multilabel(@Doc("The labels' columns.") @Size(min = 2) List<String> labels)
      implements TaskSpec {
    public Multilabel {
      labels = List.copyOf(labels);
    }
  }

  @Doc("One or more numbers. One identity output each.")
  record Regression(
      @Doc("The target's column.") String label,
      @Doc(
              "Targets of training and validation above this are set to it; the test split keeps the truth.")
          Optional<Double> cap,
      @Doc("The model learns target / divideBy; predictions and metrics are in the target's unit.")
          @Default("1")
          @Range(min = 0, openMin = true)
          double divideBy,
      @Doc("The loss: mse or mae.") @Default("mse") RegressionLoss loss)
      implements TaskSpec {
    @Override
    public List<String> labels() {
      return List.of(label);
    }
  }

  /** The metrics that models of this task are measured by. */
  default Set<MetricName> metrics() {
    if (this instanceof Binary) {
      return EnumSet.range(MetricName.LOSS, MetricName.AVERAGE_PRECISION);
    }
    if (this instanceof Multiclass) {
      Set<MetricName> metrics = EnumSet.range(MetricName.LOSS, MetricName.MACRO_F1);
      metrics.add(MetricName.AUC);
      return metrics;
    }
    if (this instanceof Multilabel) {
      Set<MetricName> metrics = EnumSet.range(MetricName.LOSS, MetricName.AVERAGE_PRECISION);
      metrics.remove(MetricName.F1);
      return metrics;
    }
    Set<MetricName> metrics = EnumSet.range(MetricName.RMSE, MetricName.PHM08);
    metrics.add(MetricName.LOSS);
    return metrics;
  }

  enum RegressionLoss {
    MSE,
    MAE
  }
}
