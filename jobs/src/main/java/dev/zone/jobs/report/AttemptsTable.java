package dev.zone.jobs.report;

import java.util.List;
import java.util.Locale;

/** How often the training was begun or gone on with, and why; nothing if once was enough. */
final class AttemptsTable {
  private AttemptsTable() {}

  static void render(Html html, RunFiles run) {
    List<Facts> attempts =
        run.attempts().stream().filter(one -> one.number("attempt").isPresent()).toList();
    if (attempts.size() < 2) {
      return;
    }
    html.open("div", "id", "attempts");
    html.element("p", "The training took " + attempts.size() + " attempts.", "class", "lead");
    Tables.openDense(html, "Attempts");
    Tables.head(html, "Attempt", "Workers", "From step", "To step", "|Outcome", "|Cause");
    html.open("tbody");
    for (Facts attempt : attempts) {
      html.open("tr");
      html.element("th", attempt.text("attempt").orElse(""), "scope", "row");
      for (String number : List.of("workers", "fromStep", "step")) {
        Tables.cell(
            html,
            attempt.number(number).stream()
                .mapToObj(value -> Words.count(Math.round(value)))
                .findFirst()
                .orElse("–"));
      }
      html.element("td", outcome(attempt));
      html.element("td", attempt.text("cause").or(() -> attempt.text("message")).orElse(""));
      html.close();
    }
    html.close();
    Tables.close(html);
    html.close();
  }

  private static String outcome(Facts attempt) {
    String outcome = attempt.text("outcome").orElse("");
    return outcome.equals("LOST")
        ? "lost: its driver ended without a word"
        : outcome.toLowerCase(Locale.ROOT);
  }
}
