package dev.zone.datasets.format;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Large arrays of pieces that were taken, for pieces to come: to make them anew, each time with
 * zeros, and to collect them takes more time than most of what is done with them.
 */
final class Spares {
  private final Deque<byte[]> texts = new ArrayDeque<>();
  private final Deque<double[]> numbers = new ArrayDeque<>();

  /** So many bytes, with anything in them. */
  synchronized byte[] bytes(int length) {
    byte[] spare = texts.poll();
    return spare != null && spare.length == length ? spare : new byte[length];
  }

  /** At least so many numbers, with anything in them. */
  synchronized double[] numbers(int least) {
    double[] spare = numbers.poll();
    // Pieces differ a little in their rows: what is enough for one is to be so for the next.
    return spare != null && spare.length >= least ? spare : new double[least + (least >> 4)];
  }

  /** Takes an array that nobody looks at any more. */
  synchronized void give(byte[] spare) {
    texts.push(spare);
  }

  /** Takes an array that nobody looks at any more. */
  synchronized void give(double[] spare) {
    numbers.push(spare);
  }
}
