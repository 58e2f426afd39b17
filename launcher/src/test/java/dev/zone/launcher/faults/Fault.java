package dev.zone.launcher.faults;

import java.util.Arrays;
import java.util.List;

/** One fault, how it shows, and what follows from it. */
enum Fault {
  EXECUTOR_KILLED("executor killed in training", "executor of rank 1 is gone|rank 1"),
  EXECUTOR_KILLED_MEETING("executor killed while ranks meet", "executor of rank \\d is gone"),
  EXECUTOR_KILLED_SAVING("executor killed while it saves", "executor of rank 0 is gone|rank 0"),
  EXECUTOR_KILLED_EVALUATING("executor killed in evaluation", "executor of rank 1 is gone|rank 1"),
  WORKER_KILLED("worker daemon killed", "executor of rank \\d is gone|rank \\d"),
  DRIVER_KILLED("driver killed", "signal 9, SIGKILL"),
  MASTER_RESTARTED("master killed and restarted", ""),
  RANK_FROZEN("rank frozen", "rank 1"),
  CONNECTION_CUT("connection cut", "rank \\d"),
  CONNECTION_REFUSED("connection refused", "rank \\d"),
  HALF_OPEN("half-open connection", "rank \\d"),
  LOSSY("5 % lost, 50 ms late", ""),
  DISK_FULL("disk full while saving", "Cannot write checkpoint.*No space left"),
  DISK_READ_ONLY("disk read-only while saving", "Cannot write checkpoint.*Read-only"),
  CHECKPOINT_TRUNCATED("newest checkpoint truncated", ""),
  CHECKPOINT_FLIPPED("newest checkpoint bit-flipped", ""),
  CHECKPOINT_DELETED("newest checkpoint deleted", ""),
  HOSTILE("hostile connections and frames", ""),
  HEAP_EXHAUSTED("out of memory, heap", "memory"),
  NATIVE_EXHAUSTED("out of memory, native", "memory");

  private final String words;
  private final String cause;

  Fault(String words, String cause) {
    this.words = words;
    this.cause = cause;
  }

  String words() {
    return words;
  }

  /** What the message says when the fault ends the run; empty if the run goes on in any case. */
  String cause() {
    return cause;
  }

  /** Whether a run that may not try again fails. */
  boolean isFatal() {
    return !cause.isEmpty();
  }

  /** Those of a third of the suite, 0 to 2; all for -1. */
  static List<Fault> ofThird(int third) {
    return Arrays.stream(values())
        .filter(fault -> third < 0 || fault.ordinal() % 3 == third)
        .toList();
  }
}
