package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.datasets.PreparedManifest.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the checks of the data noticed, as people read it. */
final class Findings {
  private Findings() {}

  /**
   * @param findings objects with check, severity and message; what is none is left out
   */
  static List<String> lines(JsonArray findings) {
    List<String> lines = new ArrayList<>();
    for (JsonElement element : findings) {
      if (element instanceof JsonObject finding && finding.has("message")) {
        String severity =
            finding.has("severity")
                ? finding.get("severity").getAsString().toLowerCase(Locale.ROOT)
                : "info";
        lines.add(severity + ": " + finding.get("message").getAsString());
      }
    }
    return lines;
  }

  /** As a line. */
  static String line(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding.message();
  }

  /** As answers have them. */
  static JsonArray json(List<Finding> findings) {
    JsonArray all = new JsonArray();
    findings.forEach(finding -> all.add(finding.toJson()));
    return all;
  }
}
