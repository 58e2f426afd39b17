package dev.zone.datasets;

import java.util.List;

/**
 * Texts as codes: a category, a label of classes, an identifier. The code is the index into {@link
 * #values()}, or -1 where the text is missing.
 */
public final class CodedColumn implements Column {
  private final int[] codes;
  private final List<String> values;
  private final boolean declared;

  /**
   * @param codes kept, not copied
   * @param declared whether the values are the classes that the dataset declares, in its order;
   *     otherwise they are the texts found, in the order of their first row
   */
  public CodedColumn(int[] codes, List<String> values, boolean declared) {
    this.codes = codes;
    this.values = List.copyOf(values);
    this.declared = declared;
  }

  @Override
  public int size() {
    return codes.length;
  }

  public int code(int row) {
    return codes[row];
  }

  public List<String> values() {
    return values;
  }

  public boolean isDeclared() {
    return declared;
  }
}
