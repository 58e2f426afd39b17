package dev.zone.jobs.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Builds HTML and inline SVG. All text and attribute values are escaped; names of tags and
 * attributes are ours.
 */
final class Html {
  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * @param attributes name, value, name, value …
   */
  Html open(String tag, String... attributes) {
    tag(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  Html close() {
    String tag = open.pop();
    out.append("</").append(tag).append('>');
    if (!tag.equals("b") && !tag.equals("code")) {
      out.append('\n');
    }
    return this;
  }

  /** An element that holds a text and nothing else. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** An element of SVG that holds nothing. */
  Html empty(String tag, String... attributes) {
    tag(tag, attributes).append("/>\n");
    return this;
  }

  Html text(String text) {
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i));
    }
    return this;
  }

  /** A style sheet of ours: not escaped, so never anything from a file of a run. */
  Html style(String css) {
    out.append("<style>\n").append(css).append("</style>\n");
    return this;
  }

  /** The first line of the page. */
  Html doctype() {
    out.append("<!DOCTYPE html>\n");
    return this;
  }

  /** An element of HTML that is never closed. */
  Html lone(String tag, String... attributes) {
    tag(tag, attributes).append(">\n");
    return this;
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("Cannot finish the page: open elements " + open);
    }
    return out.toString();
  }

  private StringBuilder tag(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      text(attributes[i + 1]);
      out.append('"');
    }
    return out;
  }

  private void escape(char c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      case '\n', '\t' -> out.append(c);
      default -> {
        // Control characters are no HTML; lone surrogates are no text; marks that turn the
        // direction of writing make a name look like another.
        boolean bad =
            c < ' ' || c == 0x7f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
        out.append(bad ? '\ufffd' : c);
      }
    }
  }
}
