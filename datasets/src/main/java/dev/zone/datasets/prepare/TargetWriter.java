package dev.zone.datasets.prepare;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.WindowSpec;
import dev.zone.datasets.format.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Computes a split's targets, counts its classes, writes its file. */
final class TargetWriter {
  private final Labels labels;
  private final Split split;
  private final Examples examples;

  /** Rows of a window. */
  private final int length;

  /** Targets of an example. */
  private final int steps;

  private final float[] target;
  private final long[] counts;
  private long count;

  TargetWriter(Labels labels, Split split, Examples examples, Optional<WindowSpec> windows) {
    this.labels = labels;
    this.split = split;
    this.examples = examples;
    this.length = windows.map(WindowSpec::length).orElse(1);
    this.steps = windows.map(WindowSpec::targetSteps).orElse(1);
    this.target = new float[labels.width()];
    this.counts = new long[labels.isRegression() ? 0 : labels.classes().size()];
  }

  /**
   * Writes all.
   *
   * @param firsts receives one number an example: the first target, or for several labels all of
   *     them as bits of one number; of several steps, the last one's
   */
  void write(Path folder, float[] firsts) throws IOException {
    Path file = folder.resolve(PreparedData.targetFile(split));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = new Npy(Npy.Type.F4, shape()).header();
      ByteBuffer start = ByteBuffer.wrap(header);
      while (start.hasRemaining()) {
        channel.write(start);
      }
      FloatSink sink = new FloatSink(channel, header.length);
      for (int example = 0; example < examples.size(); example++) {
        if (steps == 1) {
          read(examples.row(example));
          mark(example);
          take(sink);
        } else {
          writeSteps(example, sink);
        }
        firsts[example] = first(example);
      }
      sink.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private List<Integer> shape() {
    return steps == 1
        ? List.of(examples.size(), target.length)
        : List.of(examples.size(), steps, target.length);
  }

  /** Targets written, without padding. */
  long count() {
    return count;
  }

  /** Targets of each class, or with each label; empty for numbers. */
  List<Long> classCounts() {
    return Arrays.stream(counts).boxed().toList();
  }

  /** The window's rows stand first, then padding. */
  private void writeSteps(int example, FloatSink sink) {
    for (int place = start(example); place <= examples.end(example); place++) {
      read(examples.order()[place]);
      take(sink);
    }
    sink.write(new float[examples.missingRows(example, length) * target.length]);
  }

  private int start(int example) {
    return examples.end(example) - length + 1 + examples.missingRows(example, length);
  }

  /** Reads a row's target. */
  private void read(int row) {
    for (int i = 0; i < target.length; i++) {
      target[i] = labels.value(row, i);
    }
    if (split != Split.TEST) {
      target[0] = Math.min(target[0], labels.cap());
    }
  }

  /** Looks for the class that marks a whole window. */
  private void mark(int example) {
    if (labels.marking() < 0) {
      return;
    }
    for (int place = start(example); place <= examples.end(example); place++) {
      if (labels.value(examples.order()[place], 0) == labels.marking()) {
        target[0] = labels.marking();
      }
    }
  }

  private void take(FloatSink sink) {
    sink.write(target);
    count++;
    if (labels.classCount() > 0) {
      counts[(int) target[0]]++;
    } else if (counts.length > 0) {
      for (int i = 0; i < target.length; i++) {
        counts[i] += target[i] == 1 ? 1 : 0;
      }
    }
  }

  /** Of the target that was written last. */
  private float first(int example) {
    if (labels.classCount() > 0) {
      return target[0];
    }
    if (labels.isRegression()) {
      // Uncapped: a cap is not a contradiction between splits.
      return labels.value(examples.row(example), 0);
    }
    float all = 0;
    for (float value : target) {
      all = 2 * all + value;
    }
    return all;
  }
}
