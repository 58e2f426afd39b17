package dev.zone.bench;

import java.util.Optional;

/**
 * What a measurement found.
 *
 * @param name the case's
 * @param text Markdown without a heading
 * @param chart SVG; empty if a table says it all
 */
record Section(String name, String text, Optional<String> chart) {
  Section(String name, String text) {
    this(name, text, Optional.empty());
  }
}
