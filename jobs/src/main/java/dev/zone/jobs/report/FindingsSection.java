package dev.zone.jobs.report;

import java.util.List;
import java.util.Locale;

/** What the checks noticed about the data, before any figure that it may spoil. */
final class FindingsSection {
  private FindingsSection() {}

  static void render(Html html, RunFiles run) {
    List<Facts> findings = run.data().items("findings");
    if (findings.isEmpty()) {
      return;
    }
    Tables.section(html, "findings", "What the checks noticed in the data");
    html.open("ul", "class", "findings");
    for (Facts finding : findings) {
      String severity = finding.text("severity").orElse("INFO");
      boolean warning = severity.equalsIgnoreCase("warning");
      html.open("li", "class", warning ? "warning" : "info");
      html.element(
          "span", (warning ? "⚠ " : "ℹ ") + severity.toLowerCase(Locale.ROOT), "class", "severity");
      html.open("div");
      html.element("p", finding.text("message").orElse(""));
      finding.text("check").ifPresent(check -> html.element("code", check));
      html.close().close();
    }
    html.close().close();
  }
}
