package dev.zone.datasets.format;

import java.util.Arrays;

/** A map from texts to numbers that is asked with a part of a buffer, without making a String. */
final class TextIndex {
  private String[] keys = new String[64];
  private int[] values = new int[64];
  private int size;

  /** The text's number, or -1. */
  int get(char[] text, int from, int length) {
    int mask = keys.length - 1;
    int at = spread(hash(text, from, length)) & mask;
    while (keys[at] != null) {
      if (same(keys[at], text, from, length)) {
        return values[at];
      }
      at = (at + 1) & mask;
    }
    return -1;
  }

  void put(String key, int value) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int mask = keys.length - 1;
    int at = spread(key.hashCode()) & mask;
    while (keys[at] != null && !keys[at].equals(key)) {
      at = (at + 1) & mask;
    }
    size += keys[at] == null ? 1 : 0;
    keys[at] = key;
    values[at] = value;
  }

  private void grow() {
    String[] oldKeys = keys;
    int[] oldValues = values;
    keys = new String[oldKeys.length * 2];
    values = Arrays.copyOf(values, oldValues.length * 2);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != null) {
        put(oldKeys[i], oldValues[i]);
      }
    }
  }

  /** As {@link String#hashCode} has it, so that both sides agree. */
  private static int hash(char[] text, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + text[i];
    }
    return hash;
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }

  private static boolean same(String key, char[] text, int from, int length) {
    if (key.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (key.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }
}
