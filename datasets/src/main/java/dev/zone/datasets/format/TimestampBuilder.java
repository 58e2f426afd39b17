package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Timestamps as seconds since 1970-01-01T00:00Z: by the descriptor's pattern, or else ISO 8601 or
 * such a number of seconds. A timestamp without zone is taken as UTC.
 */
final class TimestampBuilder extends ColumnBuilder {
  private final NumberColumn.Builder values = new NumberColumn.Builder();
  private final Optional<DateTimeFormatter> format;

  /**
   * @throws IllegalArgumentException if the pattern is none
   */
  TimestampBuilder(String name, ColumnSpec spec, RowFaults faults, Supplier<String> where) {
    super(name, spec, faults, where);
    format = spec.pattern().map(pattern -> DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
  }

  @Override
  void text(char[] text, int from, int length) {
    String written = new String(text, from, length);
    try {
      values.add(format.isPresent() ? byPattern(written) : byIso(written));
    } catch (DateTimeException e) {
      fault(
          "not a timestamp",
          "Cannot read column '%s': '%s' (expected a timestamp written %s)"
              .formatted(name(), Texts.shown(written), spec().pattern().orElse("as in ISO 8601")));
      skip();
    }
  }

  private double byPattern(String written) {
    return seconds(
        format
            .orElseThrow()
            .parseBest(written, ZonedDateTime::from, LocalDateTime::from, LocalDate::from));
  }

  private static double byIso(String written) {
    double number = Numerals.parse(written.toCharArray(), 0, written.length());
    if (!Double.isNaN(number)) {
      return number;
    }
    String iso = written.replace(' ', 'T');
    if (iso.indexOf('T') < 0) {
      return seconds(LocalDate.parse(iso));
    }
    return seconds(
        DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, ZonedDateTime::from, LocalDateTime::from));
  }

  private static double seconds(TemporalAccessor time) {
    Instant instant;
    if (time instanceof ZonedDateTime zoned) {
      instant = zoned.toInstant();
    } else if (time instanceof LocalDateTime local) {
      instant = local.toInstant(ZoneOffset.UTC);
    } else {
      instant = LocalDate.from(time).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    return instant.getEpochSecond() + instant.getNano() * 1e-9;
  }

  @Override
  void number(double value) {
    if (Double.isNaN(value)) {
      missing();
    } else {
      values.add(value);
    }
  }

  @Override
  void skip() {
    values.add(Double.NaN);
  }

  @Override
  int size() {
    return values.size();
  }

  @Override
  Column build() {
    return values.build();
  }
}
