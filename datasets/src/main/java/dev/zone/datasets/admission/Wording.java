package dev.zone.datasets.admission;

import dev.zone.conf.SplitSpec.Split;
import java.util.List;
import java.util.Locale;

/** Numbers and names in findings. */
final class Wording {
  private static final int NAMED = 8;

  private Wording() {}

  /** {@code 1,234 of 5,678 (21.7 %)}. */
  static String share(long part, long whole, String of) {
    return String.format(
        Locale.ROOT, "%,d of %,d %s (%.1f %%)", part, whole, of, 100.0 * part / Math.max(1, whole));
  }

  static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  static String listed(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? shown + " and " + (names.size() - NAMED) + " more" : shown;
  }
}
