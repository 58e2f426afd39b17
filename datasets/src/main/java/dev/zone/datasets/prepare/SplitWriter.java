package dev.zone.datasets.prepare;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Table;
import dev.zone.datasets.admission.Duplicates;
import dev.zone.datasets.format.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Writes one split's examples. Streams: what is written is not held. */
final class SplitWriter {
  private static final int FAULTS = 5;
  private static final int PARALLEL_FROM = 512;

  private final Path folder;
  private final Split split;
  private final Examples examples;
  private final Table table;
  private final Problems problems;

  /** Of each example's inputs. */
  private final long[] hashes;

  private int faults;

  SplitWriter(Path folder, Split split, Examples examples, Table table, Problems problems) {
    this.folder = folder;
    this.split = split;
    this.examples = examples;
    this.table = table;
    this.problems = problems;
    this.hashes = new long[examples.size()];
  }

  /** Hash of each example's inputs. */
  long[] hashes() {
    return hashes;
  }

  /** Writes an input's file, half of it by the executor. */
  void writeInput(int index, ModelInput input, Executor executor) throws IOException {
    List<Integer> shape = new ArrayList<>(List.of(examples.size()));
    shape.addAll(input.shape());
    Path file = folder.resolve(PreparedData.inputFile(split, index));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = new Npy(Npy.Type.F4, shape).header();
      write(channel, header);
      int middle = examples.size() < PARALLEL_FROM ? 0 : examples.size() / 2;
      CompletableFuture<?> other =
          CompletableFuture.runAsync(
              () -> writeExamples(input, 0, middle, new FloatSink(channel, header.length)),
              executor);
      long start = header.length + (long) middle * input.elements() * Float.BYTES;
      try {
        writeExamples(input, middle, examples.size(), new FloatSink(channel, start));
      } finally {
        // Even after a failure: the channel must not close under the other half.
        other.exceptionally(failure -> null).join();
      }
      other.join();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw io.getCause();
      }
      throw e;
    }
  }

  /**
   * Writes how many steps of each example are padding. After the inputs: the hashes of examples
   * that differ in nothing else differ by it.
   */
  void writePadding(ModelInput.Window window) throws IOException {
    Path file = folder.resolve(PreparedData.paddingFile(split));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = new Npy(Npy.Type.F4, List.of(examples.size(), 1)).header();
      write(channel, header);
      FloatSink sink = new FloatSink(channel, header.length);
      for (int example = 0; example < examples.size(); example++) {
        int steps = window.paddedSteps(examples.missingRows(example, window.rows()));
        sink.write(new float[] {steps});
        hashes[example] = Duplicates.mix(hashes[example], steps);
      }
      sink.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(FileChannel channel, byte[] header) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(header);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private void writeExamples(ModelInput input, int from, int to, FloatSink sink) {
    RowEvaluator evaluator = new RowEvaluator(input, examples);
    float[] values = new float[input.elements()];
    for (int example = from; example < to; example++) {
      evaluator.example(example, values);
      long hash = hashes[example];
      float sum = 0;
      for (float value : values) {
        hash = Duplicates.mix(hash, value);
        // Stays 0 unless a value is NaN or infinite; then it is NaN.
        sum += 0 * value;
      }
      hashes[example] = hash;
      if (Float.isNaN(sum)) {
        report(input, example, values);
      }
      sink.write(values);
    }
    sink.flush();
  }

  private synchronized void report(ModelInput input, int example, float[] values) {
    if (++faults > FAULTS) {
      return;
    }
    List<String> names = input.describe().names();
    int plane = values.length / names.size();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        problems.add(
            table.origins().text(examples.row(example)),
            Float.isNaN(values[i])
                ? "Cannot use a missing value of '%s', where training misses none (expected an impute transform, which fills it)"
                    .formatted(names.get(i / plane))
                : "Cannot use an infinite value of '%s' (expected finite numbers, in single precision also after the transforms)"
                    .formatted(names.get(i / plane)));
        return;
      }
    }
  }

  /** To be called once all inputs are written. */
  void finish() {
    if (faults > FAULTS) {
      problems.add(
          "",
          "Cannot use %d more examples of the %s split: missing or infinite values"
              .formatted(faults - FAULTS, split.name().toLowerCase(Locale.ROOT)));
    }
  }
}
