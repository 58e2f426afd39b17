package dev.zone.conf;

import dev.zone.conf.yaml.Named;

/** A metric by the name that files and records use. */
public enum MetricName {
  @Named("loss")
  LOSS(false),
  @Named("accuracy")
  ACCURACY(true),
  /** Mean of the classes' recalls. */
  @Named("balancedAccuracy")
  BALANCED_ACCURACY(true),
  /** Mean of the classes' error rates: 1 - balanced accuracy. */
  @Named("balancedError")
  BALANCED_ERROR(false),
  /** Mean of the classes' F1 (classes without examples and predictions left out). */
  @Named("macroF1")
  MACRO_F1(true),
  /** F1 of the positive class. */
  @Named("f1")
  F1(true),
  @Named("precision")
  PRECISION(true),
  @Named("recall")
  RECALL(true),
  /** Area under the ROC curve; for several classes or labels the mean of one against the rest. */
  @Named("auc")
  AUC(true),
  /** Area under the precision-recall curve (average precision). */
  @Named("averagePrecision")
  AVERAGE_PRECISION(true),
  @Named("rmse")
  RMSE(false),
  @Named("mae")
  MAE(false),
  /** Coefficient of determination. */
  @Named("r2")
  R2(true),
  /** Asymmetric score of the PHM 2008 challenge (Saxena et al.): late predictions cost more. */
  @Named("phm08")
  PHM08(false);

  private final boolean higherIsBetter;

  MetricName(boolean higherIsBetter) {
    this.higherIsBetter = higherIsBetter;
  }

  public boolean isHigherBetter() {
    return higherIsBetter;
  }
}
