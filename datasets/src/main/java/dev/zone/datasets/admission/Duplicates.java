package dev.zone.datasets.admission;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import dev.zone.datasets.RowSplits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds examples with equal inputs, within and across splits, by a 64-bit hash of what the model
 * sees: among a million examples two different ones share it with a probability below 10^-7.
 */
public final class Duplicates {
  private static final byte CONTRADICTS = 8;
  private static final double LOUD_SHARE = 0.01;

  /** Hashes of each split's examples. */
  private final Map<Split, long[]> splits = new EnumMap<>(Split.class);

  private long[] keys = new long[1 << 12];
  private float[] targets = new float[1 << 12];

  /** Bits of the splits that hold the key, and {@link #CONTRADICTS}; 0: the place is free. */
  private byte[] marks = new byte[1 << 12];

  private int size;

  /** Mixes one value into a hash; equal numbers give equal hashes, 0 and -0 too. */
  public static long mix(long hash, float value) {
    long mixed = (hash ^ Float.floatToRawIntBits(value + 0.0f)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }

  /**
   * Takes a split's examples.
   *
   * @param hashes of the inputs, one an example
   * @param targetOf one number an example: the class, or the number to learn
   */
  public void add(Split split, long[] hashes, float[] targetOf) {
    splits.put(split, hashes);
    byte bit = bit(split);
    for (int i = 0; i < hashes.length; i++) {
      int at = place(hashes[i]);
      if (marks[at] == 0) {
        if (2 * ++size > keys.length) {
          grow();
          at = place(hashes[i]);
        }
        keys[at] = hashes[i];
        targets[at] = targetOf[i];
      } else if (Float.compare(targets[at], targetOf[i]) != 0) {
        marks[at] |= CONTRADICTS;
      }
      marks[at] |= bit;
    }
  }

  private static byte bit(Split split) {
    return (byte) RowSplits.bit(split);
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int at = (int) (key ^ (key >>> 29)) & mask;
    while (marks[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    float[] oldTargets = targets;
    byte[] oldMarks = marks;
    keys = new long[oldKeys.length * 2];
    targets = new float[keys.length];
    marks = new byte[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldMarks[i] != 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        targets[at] = oldTargets[i];
        marks[at] = oldMarks[i];
      }
    }
  }

  /** What there is to say. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    across(findings);
    contradictions(findings);
    within(findings);
    return findings;
  }

  private void across(List<Finding> findings) {
    List<String> parts = new ArrayList<>();
    boolean loud = false;
    long contradicting = 0;
    for (Split split : List.of(Split.TEST, Split.VALIDATION)) {
      long[] examples = splits.get(split);
      if (examples == null || !splits.containsKey(Split.TRAIN)) {
        continue;
      }
      long found = 0;
      for (long hash : examples) {
        byte mark = marks[place(hash)];
        if ((mark & bit(Split.TRAIN)) != 0) {
          found++;
          contradicting += (mark & CONTRADICTS) != 0 ? 1 : 0;
        }
      }
      if (found > 0) {
        parts.add(Wording.share(found, examples.length, Wording.name(split) + " examples"));
        loud |= found >= LOUD_SHARE * examples.length;
      }
    }
    if (!parts.isEmpty()) {
      findings.add(
          new Finding(
              "duplicates-across-splits",
              loud ? Severity.WARNING : Severity.INFO,
              String.format(
                  Locale.ROOT,
                  "%s have the inputs of a training example, %,d of them with different labels; figures on them do not say how the model does on new data",
                  String.join(" and ", parts),
                  contradicting)));
    }
  }

  private void contradictions(List<Finding> findings) {
    long found = 0;
    long all = 0;
    for (long[] examples : splits.values()) {
      all += examples.length;
      for (long hash : examples) {
        found += (marks[place(hash)] & CONTRADICTS) != 0 ? 1 : 0;
      }
    }
    if (found > 0) {
      findings.add(
          new Finding(
              "contradicting-labels",
              found >= LOUD_SHARE * all ? Severity.WARNING : Severity.INFO,
              Wording.share(found, all, "examples")
                  + " have the inputs of another example with a different label: no model can be right on both"));
    }
  }

  private void within(List<Finding> findings) {
    List<String> parts = new ArrayList<>();
    splits.forEach(
        (split, examples) -> {
          int distinct = 0;
          for (byte mark : marks) {
            distinct += (mark & bit(split)) != 0 ? 1 : 0;
          }
          if (distinct < examples.length) {
            parts.add(
                Wording.share(
                    examples.length - distinct,
                    examples.length,
                    Wording.name(split) + " examples"));
          }
        });
    if (!parts.isEmpty()) {
      findings.add(
          new Finding(
              "duplicates",
              Severity.INFO,
              String.join(", ", parts) + " repeat the inputs of another one of their split"));
    }
  }
}
