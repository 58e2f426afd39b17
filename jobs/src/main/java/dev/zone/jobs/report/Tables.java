package dev.zone.jobs.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Pieces that several sections' tables are made of. */
final class Tables {
  private Tables() {}

  static void section(Html html, String id, String title) {
    html.open("section", "id", id, "aria-labelledby", id + "-title");
    html.element("h2", title, "id", id + "-title");
  }

  /** Opens what a wide table scrolls in, and the table. */
  static void open(Html html, String label) {
    html.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", label);
    html.open("table");
  }

  /** As {@link #open}, of many columns. */
  static void openDense(Html html, String label) {
    html.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", label);
    html.open("table", "class", "dense");
  }

  static void close(Html html) {
    html.close().close();
  }

  /** A header row; names from the second on head columns of numbers, or of texts after a bar. */
  static void head(Html html, String... names) {
    html.open("thead").open("tr");
    for (int i = 0; i < names.length; i++) {
      boolean text = i == 0 || names[i].startsWith("|");
      html.element(
          "th",
          names[i].startsWith("|") ? names[i].substring(1) : names[i],
          "scope",
          "col",
          "class",
          text ? "" : "number");
    }
    html.close().close();
  }

  /** A number rounded for people, with all its digits in the element's value. */
  static void value(Html html, double value, String cssClass) {
    html.element("data", Words.metric(value), "value", Double.toString(value), "class", cssClass);
  }

  static void valueCell(Html html, OptionalDouble value) {
    html.open("td", "class", "number");
    if (value.isPresent()) {
      value(html, value.getAsDouble(), "");
    } else {
      html.element("span", "–", "title", "undefined", "class", "none");
    }
    html.close();
  }

  static void cell(Html html, String text) {
    html.element("td", text, "class", "number");
  }

  /** A bar whose length is a share of the cell. */
  static void bar(Html html, double share) {
    html.open("span", "class", "bar", "aria-hidden", "true");
    html.element(
        "span", "", "style", String.format(Locale.ROOT, "width:%.1f%%", 100 * Math.min(1, share)));
    html.close();
  }
}
