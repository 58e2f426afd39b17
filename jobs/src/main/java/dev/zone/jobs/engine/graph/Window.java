package dev.zone.jobs.engine.graph;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What slides over the axes after the first: one number an axis.
 *
 * @param kernel places that are looked at together
 * @param stride from one look to the next
 * @param before places of padding before the first
 * @param after places of padding after the last
 * @param dilation from one place of the kernel to the next, 1 for neighbours
 */
public record Window(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> before,
    List<Integer> after,
    List<Integer> dilation) {
  public Window {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    before = List.copyOf(before);
    after = List.copyOf(after);
    dilation = List.copyOf(dilation);
  }

  /** All places of a shape at once. */
  public static Window whole(Shape of) {
    List<Integer> places = of.axes().subList(1, of.rank());
    List<Integer> ones = places.stream().map(size -> 1).toList();
    List<Integer> zeros = places.stream().map(size -> 0).toList();
    return new Window(places, ones, zeros, zeros, ones);
  }

  /**
   * How DL4J, Keras and others pad so that as many places come out as strides fit in: half before,
   * the rest after.
   */
  public static Window same(
      Shape of, List<Integer> kernel, List<Integer> stride, List<Integer> dilation) {
    int[] before = new int[kernel.size()];
    int[] after = new int[kernel.size()];
    for (int i = 0; i < before.length; i++) {
      int size = of.axis(i + 1);
      int out = (size + stride.get(i) - 1) / stride.get(i);
      int reach = (kernel.get(i) - 1) * dilation.get(i) + 1;
      int padding = Math.max(0, (out - 1) * stride.get(i) + reach - size);
      before[i] = padding / 2;
      after[i] = Math.max(0, (out - 1) * stride.get(i) + reach - size - before[i]);
    }
    return new Window(kernel, stride, boxed(before), boxed(after), dilation);
  }

  /**
   * Padding that is given, and as many looks as then fit.
   *
   * @param before of each axis
   * @param after of each axis, at most
   */
  public static Window padded(
      Shape of,
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> dilation,
      Padding padding) {
    int[] end = new int[kernel.size()];
    for (int i = 0; i < end.length; i++) {
      int size = of.axis(i + 1);
      int reach = (kernel.get(i) - 1) * dilation.get(i) + 1;
      int room = size + padding.before().get(i) + padding.after().get(i) - reach;
      int out = room / stride.get(i) + 1;
      // What no stride reaches is left out by rounding down.
      end[i] = Math.max(0, (out - 1) * stride.get(i) + reach - size - padding.before().get(i));
    }
    return new Window(kernel, stride, padding.before(), boxed(end), dilation);
  }

  /**
   * Places added to each axis.
   *
   * @param before the first
   * @param after the last
   */
  public record Padding(List<Integer> before, List<Integer> after) {
    public Padding {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    /** As many before as after. */
    public static Padding both(List<Integer> each) {
      return new Padding(each, each);
    }
  }

  /** The shape of what comes out of a shape, with another first axis. */
  public Shape output(Shape of, int channels) {
    int[] axes = new int[of.rank()];
    axes[0] = channels;
    for (int i = 0; i < kernel.size(); i++) {
      int reach = (kernel.get(i) - 1) * dilation.get(i) + 1;
      int room = of.axis(i + 1) + before.get(i) + after.get(i) - reach;
      axes[i + 1] = Math.floorDiv(room, stride.get(i)) + 1;
    }
    return Shape.of(axes);
  }

  private static List<Integer> boxed(int[] numbers) {
    return IntStream.of(numbers).boxed().toList();
  }
}
