package dev.zone.datasets.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** How the values of columns moved from some rows to others. */
public final class Drift {
  /** As credit scoring uses the index (Siddiqi, "Credit Risk Scorecards", 2006). */
  private static final double MOVED = 0.1;

  private static final double FAR = 0.25;
  private static final double KS_MOVED = 0.1;
  private static final double KS_FAR = 0.25;

  /** Of the Smirnov test at 1 %. */
  private static final double KS_CRITICAL = 1.628;

  /** Of the normal distribution at 99 %. */
  private static final double NORMAL_99 = 2.326;

  private static final int INTERVALS = 10;

  /** Added to each count, so that the index stays finite where one has none. */
  private static final double SMOOTHING = 0.5;

  private Drift() {}

  /** How far a column moved. */
  public enum Verdict {
    SAME,
    MOVED,
    FAR
  }

  /**
   * @param psi population stability index over deciles of the first (over its classes); 0: the same
   * @param ks largest difference of the distribution functions, 0 to 1; empty of texts, which have
   *     no order
   * @param missing the share of missing values of the second less that of the first
   */
  public record ColumnDrift(double psi, Optional<Double> ks, double missing, Verdict verdict) {}

  /** By column, for those that both have. */
  public static Map<String, ColumnDrift> between(Profile first, Profile second) {
    Map<String, ColumnDrift> drifts = new LinkedHashMap<>();
    first
        .columns()
        .forEach(
            (name, before) -> {
              ColumnProfile after = second.columns().get(name);
              if (after != null
                  && after.kind() == before.kind()
                  && before.present() > 0
                  && after.present() > 0
                  && !before.hasManyTexts()
                  && !after.hasManyTexts()) {
                drifts.put(name, of(before, after));
              }
            });
    return drifts;
  }

  private static ColumnDrift of(ColumnProfile before, ColumnProfile after) {
    double missing = missingShare(after) - missingShare(before);
    if (before.kind() == ColumnProfile.Kind.TEXT) {
      double psi = psi(before.texts(), after.texts());
      TreeSet<String> all = new TreeSet<>(before.texts().keySet());
      all.addAll(after.texts().keySet());
      return new ColumnDrift(
          psi, Optional.empty(), missing, verdict(chance(psi, all.size(), before, after), 0, 0));
    }
    ValueBins first = before.bins().as(after.bins());
    ValueBins second = after.bins().as(before.bins());
    List<long[]> intervals = intervals(first.counts(), second.counts());
    double psi = psi(intervals);
    double ks = ks(first.counts(), second.counts());
    double n = before.present();
    double m = after.present();
    return new ColumnDrift(
        psi,
        Optional.of(ks),
        missing,
        verdict(
            chance(psi, intervals.size(), before, after),
            ks,
            KS_CRITICAL * Math.sqrt((n + m) / (n * m))));
  }

  /**
   * The index, or 0 if chance alone makes one as large in 1 of 100 cases: times nm / (n + m) it is
   * distributed as chi-square (Yurdakul, Naranjo, "Statistical properties of the population
   * stability index", J. Risk Model Validation 14(4), 2020), here as Wilson and Hilferty have that.
   */
  private static double chance(
      double psi, int intervals, ColumnProfile before, ColumnProfile after) {
    int degrees = Math.max(1, intervals - 1);
    double part = 2.0 / (9 * degrees);
    double critical = degrees * Math.pow(1 - part + NORMAL_99 * Math.sqrt(part), 3);
    return psi > critical * (1.0 / before.present() + 1.0 / after.present()) ? psi : 0;
  }

  private static double missingShare(ColumnProfile column) {
    return column.missing() / (double) Math.max(1, column.missing() + column.present());
  }

  private static Verdict verdict(double psi, double ks, double critical) {
    if (psi >= FAR || (ks >= KS_FAR && ks > critical)) {
      return Verdict.FAR;
    }
    return psi >= MOVED || (ks >= KS_MOVED && ks > critical) ? Verdict.MOVED : Verdict.SAME;
  }

  private static double ks(SortedMap<Long, Long> first, SortedMap<Long, Long> second) {
    double all1 = total(first);
    double all2 = total(second);
    TreeSet<Long> keys = new TreeSet<>(first.keySet());
    keys.addAll(second.keySet());
    double seen1 = 0;
    double seen2 = 0;
    double largest = 0;
    for (Long key : keys) {
      seen1 += first.getOrDefault(key, 0L);
      seen2 += second.getOrDefault(key, 0L);
      largest = Math.max(largest, Math.abs(seen1 / all1 - seen2 / all2));
    }
    return largest;
  }

  private static double total(SortedMap<Long, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Counts of both in intervals that each hold about a tenth of the first. */
  private static List<long[]> intervals(SortedMap<Long, Long> first, SortedMap<Long, Long> second) {
    double each = total(first) / INTERVALS;
    TreeSet<Long> keys = new TreeSet<>(first.keySet());
    keys.addAll(second.keySet());
    List<long[]> intervals = new ArrayList<>();
    long[] open = new long[2];
    for (Long key : keys) {
      open[0] += first.getOrDefault(key, 0L);
      open[1] += second.getOrDefault(key, 0L);
      if (open[0] >= each) {
        intervals.add(open);
        open = new long[2];
      }
    }
    if (open[0] + open[1] > 0) {
      intervals.add(open);
    }
    return intervals;
  }

  private static double psi(SortedMap<String, Long> first, SortedMap<String, Long> second) {
    TreeSet<String> texts = new TreeSet<>(first.keySet());
    texts.addAll(second.keySet());
    return psi(
        texts.stream()
            .map(text -> new long[] {first.getOrDefault(text, 0L), second.getOrDefault(text, 0L)})
            .toList());
  }

  private static double psi(List<long[]> counts) {
    double all1 = counts.stream().mapToLong(each -> each[0]).sum();
    double all2 = counts.stream().mapToLong(each -> each[1]).sum();
    double psi = 0;
    for (long[] each : counts) {
      double share1 = (each[0] + SMOOTHING) / (all1 + SMOOTHING * counts.size());
      double share2 = (each[1] + SMOOTHING) / (all2 + SMOOTHING * counts.size());
      psi += (share2 - share1) * Math.log(share2 / share1);
    }
    return psi;
  }
}
