package dev.zone.jobs.update;

import java.util.Optional;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * How one of DL4J's updaters turns a gradient into the change that is taken from the parameters,
 * number by number, with the arithmetic and the roundings of libnd4j's operation of that name.
 *
 * <p>The loops go over small arrays: that is what the compiler turns into vector instructions. What
 * is in the state's vectors is DL4J's, in its order.
 */
abstract class Rule {
  private final IUpdater updater;
  private final int states;
  private double learningRate = 1;

  /** The learning rate of the step, as the operation takes it. */
  float rate;

  private Rule(IUpdater updater, int states) {
    this.updater = updater;
    this.states = states;
  }

  final IUpdater updater() {
    return updater;
  }

  /** Of the step; 1 if the updater has none. */
  final double learningRate() {
    return learningRate;
  }

  /** Vectors of state for each parameter. */
  final int states() {
    return states;
  }

  /**
   * Says which step comes.
   *
   * @param step optimizer steps done before
   * @param epoch epochs done before
   */
  void begin(int step, int epoch) {
    if (updater.hasLearningRate()) {
      learningRate = updater.getLearningRate(step, epoch);
      rate = (float) learningRate;
    }
  }

  /**
   * Puts the change in the gradient's place.
   *
   * @param gradient [count]
   * @param state {@link #states()} arrays, [count] each; renewed
   */
  abstract void apply(float[] gradient, float[][] state, int count);

  /** The rule of an updater; empty if it is none of those known here. */
  static Optional<Rule> of(IUpdater updater) {
    // A class that extends one of these may do something else.
    Class<?> kind = updater.getClass();
    if (kind == Sgd.class) {
      return Optional.of(new OfSgd((Sgd) updater));
    } else if (kind == NoOp.class) {
      return Optional.of(new OfNoOp((NoOp) updater));
    } else if (kind == Nesterovs.class) {
      return Optional.of(new OfNesterovs((Nesterovs) updater));
    } else if (kind == Adam.class) {
      return Optional.of(new OfAdam((Adam) updater));
    } else if (kind == AMSGrad.class) {
      return Optional.of(new OfAmsGrad((AMSGrad) updater));
    } else if (kind == AdaMax.class) {
      return Optional.of(new OfAdaMax((AdaMax) updater));
    } else if (kind == Nadam.class) {
      return Optional.of(new OfNadam((Nadam) updater));
    } else if (kind == RmsProp.class) {
      return Optional.of(new OfRmsProp((RmsProp) updater));
    } else if (kind == AdaGrad.class) {
      return Optional.of(new OfAdaGrad((AdaGrad) updater));
    }
    return Optional.empty();
  }

  /** As the operation rounds it. */
  private static float power(float base, int step) {
    return (float) Math.pow(base, step + 1.0);
  }

  /** The step's size, or epsilon where it is no size. */
  private static float size(double size, float epsilon) {
    float rounded = (float) size;
    return rounded == 0 || !Float.isFinite(rounded) ? epsilon : rounded;
  }

  private static final class OfNoOp extends Rule {
    OfNoOp(NoOp updater) {
      super(updater, 0);
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      // The gradient is the change.
    }
  }

  private static final class OfSgd extends Rule {
    OfSgd(Sgd updater) {
      super(updater, 0);
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float size = rate;
      for (int i = 0; i < count; i++) {
        gradient[i] *= size;
      }
    }
  }

  private static final class OfNesterovs extends Rule {
    private final Nesterovs updater;
    private float momentum;

    OfNesterovs(Nesterovs updater) {
      super(updater, 1);
      this.updater = updater;
    }

    @Override
    void begin(int step, int epoch) {
      super.begin(step, epoch);
      momentum = (float) updater.currentMomentum(step, epoch);
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] velocity = state[0];
      float other = -momentum - 1;
      for (int i = 0; i < count; i++) {
        float before = momentum * velocity[i];
        float after = before - rate * gradient[i];
        velocity[i] = after;
        gradient[i] = before + other * after;
      }
    }
  }

  /** Those that keep a mean of gradients, and of something else that tells their size. */
  private abstract static class OfMeans extends Rule {
    final float beta1;
    final float beta2;
    final float epsilon;

    OfMeans(IUpdater updater, int states, double beta1, double beta2, double epsilon) {
      super(updater, states);
      this.beta1 = (float) beta1;
      this.beta2 = (float) beta2;
      this.epsilon = (float) epsilon;
    }

    /** Adam's step size, corrected for means that began with 0; epsilon where that is no size. */
    final float adamSize(int step) {
      float root = (float) Math.sqrt((float) (1.0 - power(beta2, step)));
      return size(rate * root / (1.0 - power(beta1, step)), epsilon);
    }
  }

  private static final class OfAdam extends OfMeans {
    private float size;

    OfAdam(Adam updater) {
      super(updater, 2, updater.getBeta1(), updater.getBeta2(), updater.getEpsilon());
    }

    @Override
    void begin(int step, int epoch) {
      super.begin(step, epoch);
      size = adamSize(step);
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] mean = state[0];
      float[] square = state[1];
      float rest1 = 1 - beta1;
      float rest2 = 1 - beta2;
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float m = beta1 * mean[i] + g * rest1;
        float v = beta2 * square[i] + g * g * rest2;
        mean[i] = m;
        square[i] = v;
        gradient[i] = m * size / ((float) Math.sqrt(v) + epsilon);
      }
    }
  }

  private static final class OfAmsGrad extends OfMeans {
    private float size;

    OfAmsGrad(AMSGrad updater) {
      super(updater, 3, updater.getBeta1(), updater.getBeta2(), updater.getEpsilon());
    }

    @Override
    void begin(int step, int epoch) {
      super.begin(step, epoch);
      size = adamSize(step);
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] mean = state[0];
      float[] square = state[1];
      float[] largest = state[2];
      float rest1 = 1 - beta1;
      float rest2 = 1 - beta2;
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float m = beta1 * mean[i] + g * rest1;
        float v = beta2 * square[i] + g * g * rest2;
        float most = Math.max(largest[i], v);
        mean[i] = m;
        square[i] = v;
        largest[i] = most;
        gradient[i] = size * m / ((float) Math.sqrt(most) + epsilon);
      }
    }
  }

  private static final class OfAdaMax extends OfMeans {
    /** Keeps the operation from dividing by nothing. */
    private static final float LEAST = 1e-32f;

    private float size;

    OfAdaMax(AdaMax updater) {
      super(updater, 2, updater.getBeta1(), updater.getBeta2(), updater.getEpsilon());
    }

    @Override
    void begin(int step, int epoch) {
      super.begin(step, epoch);
      size = size(rate / (1.0 - power(beta1, step)), epsilon);
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] mean = state[0];
      float[] largest = state[1];
      float rest1 = 1 - beta1;
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float m = beta1 * mean[i] + g * rest1;
        float u = Math.max(beta2 * largest[i], Math.abs(g)) + LEAST;
        mean[i] = m;
        largest[i] = u;
        gradient[i] = m * size / u;
      }
    }
  }

  private static final class OfNadam extends OfMeans {
    private float correction;

    OfNadam(Nadam updater) {
      super(updater, 2, updater.getBeta1(), updater.getBeta2(), updater.getEpsilon());
    }

    @Override
    void begin(int step, int epoch) {
      super.begin(step, epoch);
      correction = (float) (1.0 - power(beta1, step));
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] mean = state[0];
      float[] square = state[1];
      float rest1 = 1 - beta1;
      float rest2 = 1 - beta2;
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float part = g * rest1;
        float m = beta1 * mean[i] + part;
        float v = beta2 * square[i] + g * g * rest2;
        mean[i] = m;
        square[i] = v;
        gradient[i] = rate * ((m * beta1 + part) / correction) / ((float) Math.sqrt(v) + epsilon);
      }
    }
  }

  private static final class OfRmsProp extends Rule {
    private final float decay;
    private final float epsilon;

    OfRmsProp(RmsProp updater) {
      super(updater, 1);
      decay = (float) updater.getRmsDecay();
      epsilon = (float) updater.getEpsilon();
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] square = state[0];
      float rest = 1 - decay;
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float v = square[i] * decay + g * g * rest;
        square[i] = v;
        gradient[i] = rate * g / ((float) Math.sqrt(v) + epsilon);
      }
    }
  }

  private static final class OfAdaGrad extends Rule {
    private final float epsilon;

    OfAdaGrad(AdaGrad updater) {
      super(updater, 1);
      epsilon = (float) updater.getEpsilon();
    }

    @Override
    void apply(float[] gradient, float[][] state, int count) {
      float[] squares = state[0];
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float v = squares[i] + g * g;
        squares[i] = v;
        gradient[i] = rate * g / ((float) Math.sqrt(v) + epsilon);
      }
    }
  }
}
