package dev.zone.jobs.collective;

import dev.zone.jobs.collective.CollectiveException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The header of every message in a ring, and, by another magic number, the farewell of a rank that
 * gives up. Compared with what is due; nothing in it is believed beyond that, nothing allocated.
 *
 * @param magic {@link #DATA} or {@link #FAREWELL}
 * @param attempt of the run
 * @param operation from 1
 * @param step in the operation; in a farewell the number of its {@link Reason}
 * @param rank of the sender
 * @param length bytes that follow; in a farewell, after which none follow, the rank that the sender
 *     waited for, or -1
 */
record Frame(int magic, int attempt, long operation, int step, int rank, long length) {
  static final int BYTES = 32;

  /** Bytes of a message that are laid out, or looked at, at once: they stay in the cache. */
  static final int PIECE = 1 << 18;

  static final int DATA = 0x5A4F4E45; // "ZONE"
  static final int FAREWELL = 0x5A425945; // "ZBYE"

  /** Reasons by their numbers in farewells. */
  private static final List<Reason> REASONS =
      List.of(Reason.LATE, Reason.GONE, Reason.OUT_OF_STEP, Reason.INTERRUPTED, Reason.CLOSED);

  /** A buffer as messages need it. */
  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void put(ByteBuffer into) {
    into.putInt(magic).putInt(attempt).putLong(operation).putInt(step).putInt(rank).putLong(length);
  }

  static Frame take(ByteBuffer from) {
    return new Frame(
        from.getInt(), from.getInt(), from.getLong(), from.getInt(), from.getInt(), from.getLong());
  }

  static Frame farewell(int attempt, long operation, int rank, CollectiveException failure) {
    int step = REASONS.indexOf(failure.reason());
    return new Frame(
        FAREWELL,
        attempt,
        operation,
        step,
        rank,
        failure.awaitedRank().orElse(CollectiveException.NOBODY));
  }

  /** Whether this is a farewell that the given rank of this attempt may send. */
  boolean isFarewell(int fromAttempt, int fromRank, int ranks) {
    return magic == FAREWELL
        && attempt == fromAttempt
        && rank == fromRank
        && step >= 0
        && step < REASONS.size()
        && length >= -1
        && length < ranks;
  }

  Reason farewellReason() {
    return REASONS.get(step);
  }

  /** What a farewell says, as the end of a sentence about its sender. */
  String farewellWords() {
    return switch (farewellReason()) {
      case LATE -> length < 0 ? "it was late" : "it waited for rank " + length + " in vain";
      case GONE -> "it lost rank " + length;
      case OUT_OF_STEP -> "rank " + length + " is out of step with it";
      case INTERRUPTED -> "it was interrupted";
      case CLOSED -> "it has closed its collective";
    };
  }

  /** What came and what was due, for people. */
  String difference(Frame due) {
    if (magic != due.magic) {
      return String.format(
          "it sent what is no message of a ring, beginning with %08X (expected %08X)",
          magic, due.magic);
    }
    return "it sent " + words() + " (expected " + due.words() + ")";
  }

  private String words() {
    return String.format(
        "%d bytes as rank %d in operation %d, step %d, of attempt %d",
        length, rank, operation, step, attempt);
  }
}
