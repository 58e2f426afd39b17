package dev.zone.conf.yaml;

import java.lang.reflect.RecordComponent;
import java.util.Optional;

/** What a component's annotations allow of its value. */
record Limits(Optional<Range> range, Optional<Size> size, Optional<Matches> matches) {
  static final Limits NONE = new Limits(Optional.empty(), Optional.empty(), Optional.empty());

  static Limits of(RecordComponent component) {
    return new Limits(
        Optional.ofNullable(component.getAnnotation(Range.class)),
        Optional.ofNullable(component.getAnnotation(Size.class)),
        Optional.ofNullable(component.getAnnotation(Matches.class)));
  }

  /** For the elements of the list or mapping: what holds of each goes on, the size does not. */
  Limits ofElements() {
    return new Limits(range, Optional.empty(), matches);
  }

  boolean allowsNumber(double number) {
    if (range.isEmpty()) {
      return true;
    }
    Range bounds = range.get();
    boolean above = bounds.openMin() ? number > bounds.min() : number >= bounds.min();
    boolean below = bounds.openMax() ? number < bounds.max() : number <= bounds.max();
    return above && below;
  }

  boolean allowsText(String text) {
    return matches.isEmpty() || text.matches(matches.get().value());
  }

  boolean allowsSize(int elements) {
    return size.isEmpty() || elements >= size.get().min() && elements <= size.get().max();
  }

  /** Such as {@code " from 1 to 100"}, {@code " above 0"}; empty if any number will do. */
  String numbers() {
    if (range.isEmpty()) {
      return "";
    }
    Range bounds = range.get();
    boolean hasMin = bounds.min() != Double.NEGATIVE_INFINITY;
    boolean hasMax = bounds.max() != Double.POSITIVE_INFINITY;
    if (hasMin && hasMax && !bounds.openMin()) {
      return " from "
          + text(bounds.min())
          + (bounds.openMax() ? " to below " : " to ")
          + text(bounds.max());
    }
    String low =
        hasMin ? (bounds.openMin() ? " above " : " of at least ") + text(bounds.min()) : "";
    String high =
        hasMax ? (bounds.openMax() ? " below " : " of at most ") + text(bounds.max()) : "";
    return low + (hasMin && hasMax ? " and" : "") + high;
  }

  /** Such as {@code " of 2 elements"}; empty if any size will do. */
  String sizes(String one, String several) {
    if (size.isEmpty()) {
      return "";
    }
    int min = size.get().min();
    int max = size.get().max();
    if (max == Integer.MAX_VALUE) {
      return " of at least " + min + " " + (min == 1 ? one : several);
    }
    return min == max
        ? " of " + min + " " + (min == 1 ? one : several)
        : " of " + min + " to " + max + " " + several;
  }

  private static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
