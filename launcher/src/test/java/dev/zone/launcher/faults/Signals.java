package dev.zone.launcher.faults;

import java.io.IOException;

/** Signals to processes, as a shell sends them. */
final class Signals {
  private Signals() {}

  static void stop(long pid) throws IOException, InterruptedException {
    send("STOP", pid);
  }

  static void goOn(long pid) throws IOException, InterruptedException {
    send("CONT", pid);
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    // A process that is gone already needs no signal.
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
