package dev.zone.jobs.model;

import dev.zone.conf.ScheduleSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.UpdaterSpec;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Updaters and schedules in DL4J's own classes, so that plain DL4J opens the model. */
final class Updaters {
  /**
   * Points of a cosine. The configuration repeats them in every layer, so they are bounded; between
   * two points the rate stays, which changes it by at most 1% of its highest value.
   */
  private static final int WARMUP_POINTS = 64;

  private static final int DECAY_POINTS = 192;

  private Updaters() {}

  /** The updater of the training section with its schedule. */
  static IUpdater of(TrainingSpec training, int stepsPerEpoch) {
    IUpdater updater = plain(training.updater());
    double rate = training.updater().learningRate();
    ScheduleSpec schedule = training.schedule();
    if (!(schedule instanceof ScheduleSpec.Constant)) {
      int steps = Math.multiplyExact(training.epochs(), stepsPerEpoch);
      updater.setLrAndSchedule(rate, schedule(schedule, rate, steps, stepsPerEpoch));
    }
    return updater;
  }

  private static IUpdater plain(UpdaterSpec spec) {
    double rate = spec.learningRate();
    if (spec instanceof UpdaterSpec.Sgd) {
      return new Sgd(rate);
    } else if (spec instanceof UpdaterSpec.Nesterovs nesterovs) {
      return new Nesterovs(rate, nesterovs.momentum());
    } else if (spec instanceof UpdaterSpec.Adam adam) {
      return new Adam(rate, adam.beta1(), adam.beta2(), adam.epsilon());
    } else if (spec instanceof UpdaterSpec.AmsGrad) {
      return new AMSGrad(rate);
    } else if (spec instanceof UpdaterSpec.AdaMax) {
      return new AdaMax(rate);
    } else if (spec instanceof UpdaterSpec.Nadam) {
      return new Nadam(rate);
    } else if (spec instanceof UpdaterSpec.RmsProp rms) {
      return new RmsProp(rate, rms.decay(), RmsProp.DEFAULT_RMSPROP_EPSILON);
    } else if (spec instanceof UpdaterSpec.AdaGrad) {
      return new AdaGrad(rate);
    }
    throw new IllegalArgumentException("Cannot use updater: " + spec);
  }

  private static ISchedule schedule(ScheduleSpec spec, double rate, int steps, int stepsPerEpoch) {
    if (spec instanceof ScheduleSpec.Step step) {
      return new StepSchedule(ScheduleType.EPOCH, rate, step.factor(), step.everyEpochs());
    } else if (spec instanceof ScheduleSpec.Exponential exponential) {
      return new ExponentialSchedule(ScheduleType.EPOCH, rate, exponential.factor());
    } else if (spec instanceof ScheduleSpec.Cosine cosine) {
      int warmup = (int) Math.min(steps, Math.round(cosine.warmupEpochs() * stepsPerEpoch));
      return new MapSchedule(ScheduleType.ITERATION, cosine(cosine, rate, steps, warmup));
    }
    throw new IllegalArgumentException("Cannot use schedule: " + spec);
  }

  /**
   * Rate by step: linear up to {@code rate} over the warm-up, then {@code final + (rate - final) (1
   * + cos(pi t)) / 2} with t from 0 to 1 (Loshchilov and Hutter, 2017, without restarts). Each
   * point is the value in the middle of the steps it holds for.
   */
  private static Map<Integer, Double> cosine(
      ScheduleSpec.Cosine cosine, double rate, int steps, int warmup) {
    Map<Integer, Double> points = new TreeMap<>();
    int rise = Math.max(1, ceilDiv(warmup, WARMUP_POINTS));
    for (int step = 0; step < warmup; step += rise) {
      double middle = Math.min(warmup, step + (rise + 1) / 2.0);
      points.put(step, rate * middle / warmup);
    }
    int length = steps - warmup;
    int fall = Math.max(1, ceilDiv(length, DECAY_POINTS));
    double end = cosine.finalFraction() * rate;
    for (int step = 0; step < length; step += fall) {
      double t = Math.min(1, (step + (fall - 1) / 2.0) / Math.max(1, length - 1));
      points.put(warmup + step, end + (rate - end) * (1 + Math.cos(Math.PI * t)) / 2);
    }
    return points;
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }
}
