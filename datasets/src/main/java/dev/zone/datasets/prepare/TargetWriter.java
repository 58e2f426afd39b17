package dev.zone.datasets.prepare;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.format.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Computes a split's targets, counts its classes, writes its file. */
final class TargetWriter {
  private final Labels labels;
  private final Split split;
  private final Examples examples;
  private final int length;

  TargetWriter(Labels labels, Split split, Examples examples, int length) {
    this.labels = labels;
    this.split = split;
    this.examples = examples;
    this.length = length;
  }

  /** One example's target. */
  private void target(int example, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = labels.value(examples.row(example), i);
    }
    if (split != Split.TEST) {
      into[0] = Math.min(into[0], labels.cap());
    }
    if (labels.marking() >= 0) {
      int end = examples.end(example);
      int start = Math.max(examples.seriesStart(end), end - length + 1);
      for (int place = start; place <= end; place++) {
        if (labels.value(examples.order()[place], 0) == labels.marking()) {
          into[0] = labels.marking();
        }
      }
    }
  }

  /**
   * Writes all.
   *
   * @param firsts receives one number an example: the first target, or for several labels all of
   *     them as bits of one number
   * @return examples of each class, or with each label; empty for numbers
   */
  List<Long> write(Path folder, float[] firsts) throws IOException {
    float[] target = new float[labels.width()];
    long[] counts = new long[labels.isRegression() ? 0 : labels.classes().size()];
    Path file = folder.resolve(PreparedData.targetFile(split));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = new Npy(Npy.Type.F4, List.of(examples.size(), target.length)).header();
      ByteBuffer start = ByteBuffer.wrap(header);
      while (start.hasRemaining()) {
        channel.write(start);
      }
      FloatSink sink = new FloatSink(channel, header.length);
      for (int example = 0; example < examples.size(); example++) {
        target(example, target);
        sink.write(target);
        if (labels.classCount() > 0) {
          counts[(int) target[0]]++;
          firsts[example] = target[0];
        } else {
          float all = 0;
          for (int i = 0; i < target.length; i++) {
            if (counts.length > 0) {
              counts[i] += target[i] == 1 ? 1 : 0;
            }
            all = 2 * all + target[i];
          }
          // Uncapped: a cap is not a contradiction between splits.
          firsts[example] = labels.isRegression() ? labels.value(examples.row(example), 0) : all;
        }
      }
      sink.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    List<Long> list = new ArrayList<>();
    for (long count : counts) {
      list.add(count);
    }
    return list;
  }
}
