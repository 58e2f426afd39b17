package dev.zone.datasets.prepare;

import dev.zone.conf.WindowSpec;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.transform.Field;
import dev.zone.datasets.transform.Pipeline;
import dev.zone.datasets.transform.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One input of the model: parts of one or more of the job's inputs, joined. Immutable; safe for
 * several threads.
 *
 * @param window rows of a window, and how many of them are averaged into one; empty if an example
 *     is a row
 */
record ModelInput(String name, List<Part> parts, Optional<Window> window) {
  ModelInput {
    parts = List.copyOf(parts);
  }

  /**
   * @param rows read for an example
   * @param average rows averaged into one, a divisor
   * @param masked whether what a short series lacks is padding that the model does not see
   */
  record Window(int rows, int average, boolean masked) {
    static Window of(WindowSpec spec) {
      return new Window(spec.length(), spec.average(), spec.pad() == WindowSpec.Pad.MASK);
    }

    int length() {
      return rows / average;
    }

    /**
     * Steps that are padding in a window that lacks so many rows. A step of several rows is one of
     * the series if one of its rows is.
     */
    int paddedSteps(int missingRows) {
      return masked ? missingRows / average : 0;
    }
  }

  /**
   * @param smooth weight of the newest row in the average along the series that the columns hold;
   *     empty if they are as in the dataset
   * @param columns names of the dataset's and derived columns
   * @param row transforms of each row
   * @param window transforms of each whole window
   */
  record Part(
      List<String> columns,
      Optional<Double> smooth,
      Features features,
      Pipeline row,
      Optional<Pipeline> window) {
    Part {
      columns = List.copyOf(columns);
    }
  }

  /** What the model sees, as {@link PreparedManifest.Input#shape()} has it. */
  List<Integer> shape() {
    List<Integer> one = parts.get(0).row().out().dims();
    if (parts.get(0).row().out().dims().size() > 1) {
      return one;
    }
    int width = rowElements();
    return window.map(rows -> List.of(width, rows.length())).orElseGet(() -> List.of(width));
  }

  /** Values of one row after its transforms. */
  int rowElements() {
    return parts.stream().map(Part::row).map(Pipeline::out).mapToInt(Shape::elements).sum();
  }

  int elements() {
    return Math.multiplyExact(rowElements(), window.map(Window::length).orElse(1));
  }

  PreparedManifest.Input describe() {
    List<String> names = new ArrayList<>();
    for (Part part : parts) {
      part.row().out().fields().stream().map(Field::name).forEach(names::add);
    }
    return new PreparedManifest.Input(
        name, shape(), names, window.map(Window::masked).orElse(false));
  }
}
