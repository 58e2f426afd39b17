package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.datasets.profile.ColumnProfile;
import dev.zone.datasets.profile.ColumnProfile.Kind;
import dev.zone.datasets.profile.Profile;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the values of a version are like, as people read it and as answers have it. */
final class ProfileText {
  private static final int MOST_COLUMNS = 60;
  private static final int MOST_TEXTS = 6;
  private static final double HALF = 0.5;

  private ProfileText() {}

  static void print(Profile profile, PrintStream out) {
    out.printf(
        "%nStatistics of %s rows, %s%s of them with different inputs%n",
        Amounts.count(profile.rows()),
        profile.distinct().isExact() ? "" : "about ",
        Amounts.count(Math.min(profile.rows(), profile.distinct().estimate())));
    Map<String, ColumnProfile> columns = profile.columns();
    int widest = columns.keySet().stream().mapToInt(String::length).max().orElse(0);
    String row = "  %-" + Math.max(widest, "COLUMN".length()) + "s  %8s  %s%n";
    out.printf(row, "COLUMN", "MISSING", "VALUES");
    int shown = 0;
    for (Map.Entry<String, ColumnProfile> each : columns.entrySet()) {
      if (shown++ == MOST_COLUMNS) {
        out.printf("  and %d more; -o json has all%n", columns.size() - MOST_COLUMNS);
        break;
      }
      ColumnProfile column = each.getValue();
      double missing = column.missing() / (double) Math.max(1, profile.rows());
      out.printf(
          row,
          each.getKey(),
          column.missing() == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * missing),
          column.kind() == Kind.TEXT ? texts(column) : numbers(column));
    }
  }

  private static String numbers(ColumnProfile column) {
    if (column.present() == 0) {
      return "none";
    }
    return "%s to %s, %s %s, mean %s, deviation %s"
        .formatted(
            Amounts.figure(column.low()),
            Amounts.figure(column.high()),
            column.kind() == Kind.ARRAY ? "rows' means: median" : "median",
            Amounts.figure(column.bins().quantile(HALF)),
            Amounts.figure(column.mean()),
            Amounts.figure(column.deviation()));
  }

  private static String texts(ColumnProfile column) {
    if (column.hasManyTexts()) {
      return "many different texts";
    }
    List<Map.Entry<String, Long>> most =
        column.texts().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .toList();
    StringBuilder words = new StringBuilder();
    for (Map.Entry<String, Long> text : most.subList(0, Math.min(MOST_TEXTS, most.size()))) {
      words.append(words.length() == 0 ? "" : ", ");
      words.append(text.getKey()).append(' ').append(Amounts.count(text.getValue()));
    }
    return words
        + (most.size() > MOST_TEXTS ? " and " + (most.size() - MOST_TEXTS) + " others" : "");
  }

  static JsonObject json(Profile profile) {
    JsonObject json = new JsonObject();
    json.addProperty("rows", profile.rows());
    json.addProperty("distinctRows", profile.distinct().estimate());
    json.addProperty("distinctIsExact", profile.distinct().isExact());
    JsonObject columns = new JsonObject();
    profile.columns().forEach((name, column) -> columns.add(name, json(column)));
    json.add("columns", columns);
    return json;
  }

  private static JsonObject json(ColumnProfile column) {
    JsonObject json = new JsonObject();
    json.addProperty("present", column.present());
    json.addProperty("missing", column.missing());
    if (column.kind() == Kind.TEXT) {
      json.addProperty("manyTexts", column.hasManyTexts());
      JsonObject texts = new JsonObject();
      column.texts().forEach(texts::addProperty);
      json.add("texts", texts);
    } else if (column.present() > 0) {
      json.addProperty("min", column.low());
      json.addProperty("max", column.high());
      json.addProperty("mean", column.mean());
      json.addProperty("deviation", column.deviation());
      for (double share : new double[] {0.05, 0.25, HALF, 0.75, 0.95}) {
        json.addProperty("q" + Math.round(share * 100), column.bins().quantile(share));
      }
    }
    return json;
  }
}
