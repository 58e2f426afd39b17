package dev.zone.jobs.update;

import java.util.Optional;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What a regularisation adds to the gradient, or to the change, for parameters that are large:
 * DL4J's L1, L2 and weight decay.
 */
final class Penalty {
  private final ISchedule coefficient;
  private final ApplyStep when;
  private final boolean signs;
  private final boolean timesRate;
  private float factor;

  private Penalty(ISchedule coefficient, ApplyStep when, boolean signs, boolean timesRate) {
    this.coefficient = coefficient;
    this.when = when;
    this.signs = signs;
    this.timesRate = timesRate;
  }

  /** Empty if it is none of those known here. */
  static Optional<Penalty> of(Regularization regularization) {
    Class<?> kind = regularization.getClass();
    if (kind == L1Regularization.class) {
      L1Regularization l1 = (L1Regularization) regularization;
      return Optional.of(new Penalty(l1.getL1(), ApplyStep.BEFORE_UPDATER, true, false));
    } else if (kind == L2Regularization.class) {
      L2Regularization l2 = (L2Regularization) regularization;
      return Optional.of(new Penalty(l2.getL2(), ApplyStep.BEFORE_UPDATER, false, false));
    } else if (kind == WeightDecay.class) {
      WeightDecay decay = (WeightDecay) regularization;
      return Optional.of(
          new Penalty(decay.getCoeff(), ApplyStep.POST_UPDATER, false, decay.isApplyLR()));
    }
    return Optional.empty();
  }

  /** Whether it is added to the gradient, before the updater sees it. */
  boolean isBefore() {
    return when == ApplyStep.BEFORE_UPDATER;
  }

  /**
   * Says which step comes.
   *
   * @param rate the updater's learning rate; 1 if it has none
   */
  void begin(int step, int epoch, double rate) {
    factor = (float) (coefficient.valueAt(step, epoch) * (timesRate ? rate : 1));
  }

  /**
   * @param gradient [count], or the change; renewed
   * @param parameters [count]
   */
  void add(float[] gradient, float[] parameters, int count) {
    if (signs) {
      for (int i = 0; i < count; i++) {
        gradient[i] += factor * Math.signum(parameters[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        gradient[i] += factor * parameters[i];
      }
    }
  }
}
