package dev.zone.datasets.parquet;

import dev.zone.datasets.CodedColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** Texts, of which few or many are different. */
final class TextValues extends OptionalValues {
  private static final int MOST_DISTINCT_BYTES = 1 << 20;

  private final PrimitiveType type;

  /** Of those that are there, by the group's own numbers. */
  private final int[] codes;

  /** The group's texts in the order in which they first come. */
  private final Binary[] texts;

  /**
   * @param spare until its next use
   */
  TextValues(PrimitiveType type, CodedColumn column, GroupRows rows, Spare spare) {
    super(rows.count());
    this.type = type;
    codes = spare.ids(rows.count());
    List<String> all = column.values();
    int[] known = new int[all.size()];
    Binary[] met = new Binary[all.size()];
    int count = 0;
    int size = 0;
    for (int i = 0; i < rows.count(); i++) {
      int code = column.code(rows.row(i));
      if (code < 0) {
        miss(i);
      } else {
        if (known[code] == 0) {
          met[count] = Binary.fromString(all.get(code));
          known[code] = ++count;
        }
        codes[size++] = known[code] - 1;
      }
    }
    texts = Arrays.copyOf(met, count);
  }

  @Override
  public int rowsOfAPage() {
    int[] lengths = Arrays.stream(texts).mapToInt(Binary::length).toArray();
    long bytes = (long) Integer.BYTES * size();
    for (int i = 0; i < size(); i++) {
      bytes += lengths[codes[i]];
    }
    long each = Math.max(1, bytes / Math.max(1, size()));
    return (int) Math.max(1, Math.min(super.rowsOfAPage(), MOST_DISTINCT_BYTES / each));
  }

  @Override
  public Optional<Coding> coding() {
    long bytes = 0;
    for (Binary text : texts) {
      bytes += text.length() + Integer.BYTES;
    }
    if (bytes > MOST_DISTINCT_BYTES || 2L * texts.length > size() + 64L) {
      return Optional.empty();
    }
    BytesInput distinct = BytesInput.concat(Arrays.stream(texts).map(TextValues::bytes).toList());
    return Optional.of(new Coding(distinct, texts.length, codes));
  }

  @Override
  public BytesInput plain(int from, int to) {
    return BytesInput.concat(
        Arrays.stream(codes, from, to).mapToObj(code -> bytes(texts[code])).toList());
  }

  private static BytesInput bytes(Binary text) {
    return BytesInput.concat(
        BytesInput.from(BytesUtils.intToBytes(text.length())), BytesInput.from(text.getBytes()));
  }

  @Override
  public void include(int from, int to, Statistics<?> statistics) {
    if (!(statistics instanceof BinaryStatistics binary)) {
      return;
    }
    boolean[] seen = new boolean[texts.length];
    Binary low = null;
    Binary high = null;
    for (int i = from; i < to; i++) {
      if (!seen[codes[i]]) {
        seen[codes[i]] = true;
        Binary text = texts[codes[i]];
        low = low == null || type.<Binary>comparator().compare(text, low) < 0 ? text : low;
        high = high == null || type.<Binary>comparator().compare(text, high) > 0 ? text : high;
      }
    }
    if (low != null) {
      binary.setMinMax(low, high);
    }
  }
}
