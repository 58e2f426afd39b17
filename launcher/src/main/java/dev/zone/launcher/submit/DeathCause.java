package dev.zone.launcher.submit;

/** What an exit code says of a process that could not speak for itself. */
final class DeathCause {
  /** Shells and Java add this to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  private DeathCause() {}

  static String of(int exitCode) {
    return switch (exitCode - SIGNALLED) {
      case 4 -> "signal 4, SIGILL (an instruction that this processor does not have)";
      case 6 -> "signal 6, SIGABRT (a native crash or a failed assertion)";
      case 7 -> "signal 7, SIGBUS (a mapped file was cut short, or the disk is full)";
      case 9 ->
          "signal 9, SIGKILL (the kernel does so when memory is short: fewer workers, or less"
              + " resources.perWorker.memory, may fit)";
      case 11 -> "signal 11, SIGSEGV (a native crash)";
      case 15 -> "signal 15, SIGTERM (somebody ended it)";
      default ->
          exitCode > SIGNALLED && exitCode < SIGNALLED + 65
              ? "signal " + (exitCode - SIGNALLED)
              : exitCode == 0 ? "it ended without a result" : "exit code " + exitCode;
    };
  }
}
