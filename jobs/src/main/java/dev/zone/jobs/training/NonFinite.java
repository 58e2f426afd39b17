package dev.zone.jobs.training;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.TrainingSpec.BatchStatistics;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Numbers that are none: whether there are any, and where they come from. */
final class NonFinite {
  private static final int PIECE = 4096;

  private static final long LONGEST_SEARCH_NANOS = 2_000_000_000L;

  /** Rows that a message names. */
  private static final int NAMED = 5;

  /** Of what a rank tells: whether it is concerned, layer, rows, examples, then the rows named. */
  private static final int FIRST_ROW = 4;

  private final Job job;
  private final Engine engine;
  private final Collective collective;
  private final float[] piece = new float[PIECE];
  private final float[] zeros = new float[PIECE];

  NonFinite(Job job, Engine engine, Collective collective) {
    this.job = job;
    this.engine = engine;
    this.collective = collective;
  }

  /** Whether all numbers from 0 to the limit are finite. */
  boolean isFinite(FloatBuffer values) {
    Arrays.fill(zeros, 0);
    for (int at = 0; at < values.limit(); at += PIECE) {
      int count = Math.min(PIECE, values.limit() - at);
      values.get(at, piece, 0, count);
      addNothing(count);
    }
    for (float zero : zeros) {
      if (Float.isNaN(zero)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds 0 times each number, which is NaN of those that are not finite: a loop that the compiler
   * makes wide, where one that finds a largest exponent takes ten times as long.
   */
  private void addNothing(int count) {
    for (int i = 0; i < count; i++) {
      zeros[i] += piece[i] * 0f;
    }
  }

  /**
   * Replaces what is not finite: NaN by 0, infinity by a bound.
   *
   * @return how many numbers
   */
  int clip(FloatBuffer values, float bound) {
    if (isFinite(values)) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < values.limit(); i++) {
      float value = values.get(i);
      if (!Float.isFinite(value)) {
        values.put(i, Float.isNaN(value) ? 0 : Math.copySign(bound, value));
        count++;
      }
    }
    return count;
  }

  /**
   * Says which rank, which layer and which examples the numbers come from; the same on every rank,
   * all of which must call it.
   *
   * @param batch this rank's; empty if it had none
   * @param loss of this rank, with the gradient as the batch alone gives it in the engine
   * @param example the example at each place of the batch
   */
  String describe(Optional<Batch> batch, double loss, IntUnaryOperator example) {
    int width = FIRST_ROW + 2 * NAMED;
    float[] mine = new float[width];
    batch
        .filter(any -> !Double.isFinite(loss) || !isFinite(engine.gradient()))
        .ifPresent(any -> fill(mine, any, example));
    float[][] all = Replicas.gather(collective, mine);
    List<String> parts = new ArrayList<>();
    for (int rank = 0; rank < all.length; rank++) {
      if (all[rank][0] != 0) {
        parts.add(part(rank, all[rank]));
      }
    }
    return parts.isEmpty()
        ? "in the sum over the ranks, though each rank's part is finite"
        : String.join("; ", parts);
  }

  private void fill(float[] mine, Batch batch, IntUnaryOperator example) {
    mine[0] = 1;
    mine[1] = layer(batch) + 1;
    List<Integer> rows = rows(batch);
    mine[2] = rows.size();
    mine[3] = batch.size();
    for (int i = 0; i < Math.min(NAMED, rows.size()); i++) {
      int index = example.applyAsInt(rows.get(i));
      // Halves, because a float holds whole numbers to 24 bits only.
      mine[FIRST_ROW + 2 * i] = index >>> 16;
      mine[FIRST_ROW + 1 + 2 * i] = index & 0xffff;
    }
  }

  private String part(int rank, float[] told) {
    StringBuilder text = new StringBuilder("rank ").append(rank);
    if (told[1] > 0) {
      text.append(", layer ").append(engine.layers().get((int) told[1] - 1));
    }
    int count = (int) told[2];
    if (count == 0) {
      return text.append(", no single example").toString();
    }
    List<String> origins = new ArrayList<>();
    for (int i = 0; i < Math.min(NAMED, count); i++) {
      int index = ((int) told[FIRST_ROW + 2 * i] << 16) | (int) told[FIRST_ROW + 1 + 2 * i];
      origins.add(job.examples().apply(Split.TRAIN).origin(index));
    }
    boolean all = count > 1 && count == (int) told[3];
    text.append(all ? ", all " + count + " examples: " : count == 1 ? ", example " : ", examples ")
        .append(String.join(", ", origins));
    return count > NAMED
        ? text.append(" and ").append(count - NAMED).append(" more").toString()
        : text.toString();
  }

  /** The first layer whose output is not finite; else the last whose gradient is not; else -1. */
  private int layer(Batch batch) {
    int first = engine.firstNonFiniteLayer(batch);
    if (first >= 0) {
      return first;
    }
    for (int i = engine.gradient().limit() - 1; i >= 0; i--) {
      if (!Float.isFinite(engine.gradient().get(i))) {
        return engine.layerOf(i);
      }
    }
    return -1;
  }

  /**
   * Places whose inputs or targets are not finite; if there are none, whose outputs are not; if
   * there are none, whose loss or gradient is not when they are alone.
   */
  private List<Integer> rows(Batch batch) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      boolean bad = hasNonFinite(batch.targets(), i, batch.targets().limit() / capacity(batch));
      for (FloatBuffer input : batch.inputs()) {
        bad |= hasNonFinite(input, i, input.limit() / capacity(batch));
      }
      if (bad) {
        rows.add(i);
      }
    }
    if (rows.isEmpty()) {
      FloatBuffer outputs = BatchAssembler.direct(batch.size() * numbers());
      engine.predict(batch, outputs);
      for (int i = 0; i < batch.size(); i++) {
        if (hasNonFinite(outputs, i, numbers())) {
          rows.add(i);
        }
      }
    }
    // With the whole batch's statistics a gradient is everybody's work: none can be alone then. Nor
    // in the middle of a window, where it rests on the state of all.
    if (rows.isEmpty()
        && job.training().batchStatistics() == BatchStatistics.REPLICA
        && engine.targets().segments() == 1) {
      // The other ranks wait meanwhile, and not for ever.
      long until = System.nanoTime() + LONGEST_SEARCH_NANOS;
      for (int i = 0; i < batch.size() && System.nanoTime() < until; i++) {
        double loss = engine.computeGradient(alone(batch, i), 0);
        if (!Double.isFinite(loss) || !isFinite(engine.gradient())) {
          rows.add(i);
        }
      }
    }
    return rows;
  }

  private Batch alone(Batch batch, int row) {
    return new Batch(
        1,
        batch.inputs().stream()
            .map(input -> slice(input, row, input.limit() / capacity(batch)))
            .toList(),
        slice(batch.targets(), row, numbers()),
        batch.weights().map(weights -> slice(weights, row, weights.limit() / capacity(batch))),
        batch.mask().map(mask -> slice(mask, row, mask.limit() / capacity(batch))));
  }

  private static FloatBuffer slice(FloatBuffer values, int row, int width) {
    return values.slice(row * width, width);
  }

  /** Examples that the batch's buffers have room for. */
  private int capacity(Batch batch) {
    return batch.targets().limit() / numbers();
  }

  /** Numbers that the network puts out for an example. */
  private int numbers() {
    return engine.outputs() * engine.targets().steps();
  }

  private static boolean hasNonFinite(FloatBuffer values, int row, int width) {
    for (int i = row * width; i < (row + 1) * width; i++) {
      if (!Float.isFinite(values.get(i))) {
        return true;
      }
    }
    return false;
  }
}
