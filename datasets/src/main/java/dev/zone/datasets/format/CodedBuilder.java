package dev.zone.datasets.format;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.error.Names;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Texts as codes. With declared classes a text that is none of them is a fault; a whole number
 * counts as the class of that number however it is written ({@code 00016}, {@code 16.0}).
 */
final class CodedBuilder extends ColumnBuilder {
  private static final int WORD_BITS = 6;

  private final boolean declared;
  private final List<String> values = new ArrayList<>();

  /** Texts of files, declared or met, to codes. */
  private final TextIndex known = new TextIndex();

  private final Map<Long, Integer> numbers = new HashMap<>();
  private int[] codes = new int[1024];
  private int size;

  /** Texts as they stand in files, of at most 7 bytes, which are in a number; 0 is none. */
  private final long[] words = new long[1 << WORD_BITS];

  private final int[] wordCodes = new int[1 << WORD_BITS];

  CodedBuilder(String name, ColumnSpec spec, RowFaults faults, Supplier<String> where) {
    super(name, spec, faults, where);
    declared = !spec.classes().isEmpty();
    for (Map.Entry<String, String> each : spec.classes().entrySet()) {
      int code = values.indexOf(each.getValue());
      if (code < 0) {
        code = values.size();
        values.add(each.getValue());
      }
      known.put(each.getKey(), code);
      double number = Numerals.parse(each.getKey().toCharArray(), 0, each.getKey().length());
      if (number == Math.rint(number)) {
        numbers.put((long) number, code);
      }
    }
  }

  @Override
  void text(char[] text, int from, int length) {
    int code = known.get(text, from, length);
    if (code < 0) {
      String written = new String(text, from, length);
      code = declared ? byNumber(written) : values.size();
      if (code < 0) {
        unknown(written);
        return;
      }
      if (!declared) {
        values.add(written);
      }
      known.put(written, code);
    }
    add(code);
  }

  @Override
  void number(double value) {
    if (Double.isNaN(value)) {
      missing();
      return;
    }
    Integer code = declared && value == Math.rint(value) ? numbers.get((long) value) : null;
    if (code != null) {
      add(code);
    } else {
      text(Texts.number(value));
    }
  }

  /**
   * Adds a text that was there before.
   *
   * @param word its bytes, the first in the lowest; not 0
   * @return false if it is not known so
   */
  boolean word(long word) {
    int place = place(word);
    if (words[place] != word) {
      return false;
    }
    add(wordCodes[place]);
    return true;
  }

  /** Knows the text that was added last by its bytes, if it was one. */
  void learn(long word) {
    int code = codes[size - 1];
    if (code >= 0) {
      words[place(word)] = word;
      wordCodes[place(word)] = code;
    }
  }

  private static int place(long word) {
    return (int) ((word * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - WORD_BITS));
  }

  private int byNumber(String written) {
    double number = Numerals.parse(written.toCharArray(), 0, written.length());
    return number == Math.rint(number) ? numbers.getOrDefault((long) number, -1) : -1;
  }

  private void unknown(String written) {
    List<String> declaredValues = List.copyOf(spec().classes().keySet());
    fault(
        "outside the classes",
        "Cannot use column '%s': '%s' is none of the classes%s (expected %s)"
            .formatted(
                name(),
                Texts.shown(written),
                isNumber(written) ? "" : Names.suggestion(written, declaredValues),
                declaredValues.size() > 12
                    ? "one of " + declaredValues.size() + " classes"
                    : String.join(", ", declaredValues)));
    skip();
  }

  /** The nearest number is hardly the one that was meant. */
  private static boolean isNumber(String written) {
    return !Double.isNaN(Numerals.parse(written.toCharArray(), 0, written.length()));
  }

  private void add(int code) {
    if (size == codes.length) {
      codes = Arrays.copyOf(codes, size * 2);
    }
    codes[size++] = code;
  }

  /**
   * Makes room.
   *
   * @param rows about so many will be added
   */
  CodedBuilder expecting(int rows) {
    codes = Arrays.copyOf(codes, Math.max(codes.length, rows));
    return this;
  }

  @Override
  void skip() {
    add(-1);
  }

  @Override
  int size() {
    return size;
  }

  @Override
  Column build() {
    return new CodedColumn(Arrays.copyOf(codes, size), values, declared);
  }
}
