package dev.zone.launcher.plan;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.Problems;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Spark runs the application: {@code local[N]}, in one JVM with N slots, {@code
 * spark://host:port}, a standalone cluster, or what else a zone file names.
 *
 * @param slots of a local master, one a worker; 0 of a cluster
 */
public record Master(String url, int slots) {
  private static final Pattern LOCAL = Pattern.compile(CentreSpec.LOCAL);
  private static final Pattern CLUSTER = Pattern.compile(CentreSpec.STANDALONE);

  public static Master local(int workers) {
    return new Master("local[" + workers + "]", workers);
  }

  /**
   * A centre's.
   *
   * @param workers that are to train at once; a local master gets a place for each
   */
  static Master of(CentreSpec centre, int workers) {
    return centre.isLocal() ? local(workers) : new Master(centre.master(), 0);
  }

  /**
   * @param workers that are to train at once
   * @param processors of this machine
   */
  public static Optional<Master> parse(
      String text, int workers, int processors, Problems problems) {
    Matcher local = LOCAL.matcher(text);
    if (local.matches()) {
      int slots = local.group(1).equals("*") ? processors : Integer.parseInt(local.group(1));
      if (slots >= workers) {
        return Optional.of(new Master("local[" + slots + "]", slots));
      }
      problems.add(
          "--master",
          "Cannot run "
              + workers
              + " workers on "
              + text
              + ": "
              + slots
              + " slots (expected local["
              + workers
              + "] or more, or --workers "
              + slots
              + ")");
      return Optional.empty();
    }
    if (CLUSTER.matcher(text).matches()) {
      return Optional.of(new Master(text, 0));
    }
    problems.add(
        "--master", "Cannot use the master: " + text + " (expected local[N] or spark://host:port)");
    return Optional.empty();
  }

  public boolean isLocal() {
    return slots > 0;
  }
}
