package dev.zone.jobs.checkpoint;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a checkpoint's folder. What is published is never replaced: a second checkpoint of
 * the same step, written after going on from an older one, is the step's second generation.
 *
 * @param generation from 1
 */
record CheckpointName(int step, int generation) {
  /** The newest first. */
  static final Comparator<CheckpointName> NEWEST_FIRST =
      Comparator.comparingInt(CheckpointName::step)
          .thenComparingInt(CheckpointName::generation)
          .reversed();

  private static final Pattern VISIBLE = Pattern.compile("step-(\\d{8,10})(?:-(\\d{1,6}))?");
  private static final Pattern HIDDEN =
      Pattern.compile("\\.step-\\d{8,10}(?:-\\d{1,6})?\\.(?:[0-9a-f-]+\\.)?(?:writing|deleted)");

  /** Empty if the name is that of something else. */
  static Optional<CheckpointName> parse(String name) {
    Matcher matcher = VISIBLE.matcher(name);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    int generation = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
    CheckpointName parsed = new CheckpointName(Integer.parseInt(matcher.group(1)), generation);
    // Each checkpoint has one spelling.
    return parsed.text().equals(name) ? Optional.of(parsed) : Optional.empty();
  }

  /** Whether it is the name of a checkpoint that is being written or removed, or was. */
  static boolean isHidden(String name) {
    return HIDDEN.matcher(name).matches();
  }

  String text() {
    String text = String.format("step-%08d", step);
    return generation == 1 ? text : text + "-" + generation;
  }

  /**
   * The name under which it is written.
   *
   * @param writing unique to the writing: a writer that was given up for dead may be at it too
   */
  String hidden(String writing) {
    return "." + text() + "." + writing + ".writing";
  }
}
