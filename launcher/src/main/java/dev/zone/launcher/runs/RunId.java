package dev.zone.launcher.runs;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Names of runs, {@code 20261122-101502-wm811k-defects-3f9a}: in order of time, safe as folders.
 */
public final class RunId {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  private static final int LONGEST_NAME = 60;

  private RunId() {}

  /**
   * @param clock whose time, in its zone, the name begins with
   * @param random tells apart runs of one second; not of the training's seed, as two runs of one
   *     plan are two runs
   */
  public static String of(String job, Clock clock, RandomGenerator random) {
    String name = job.length() > LONGEST_NAME ? job.substring(0, LONGEST_NAME) : job;
    String end = HexFormat.of().toHexDigits((short) random.nextInt());
    return TIME.format(LocalDateTime.now(clock)) + "-" + name + "-" + end;
  }
}
