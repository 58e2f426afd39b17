package dev.zone.launcher.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.LongSupplier;

/**
 * Where the command writes, and what watches there.
 *
 * @param outIsTerminal whether a person sees {@code out} as it comes, on a screen that can be
 *     redrawn
 * @param errIsTerminal the same of {@code err}
 * @param columns width of the screen
 * @param nanoTime the clock of progress
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int columns,
    LongSupplier nanoTime) {
  private static final int USUAL_COLUMNS = 80;

  /** As the start script found it: only a shell can tell of each stream whether it is a screen. */
  static Terminal ofThisProcess() {
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    return new Terminal(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        !dumb && Boolean.getBoolean("zone.terminal.out"),
        !dumb && Boolean.getBoolean("zone.terminal.err"),
        Integer.getInteger("zone.terminal.columns", USUAL_COLUMNS),
        System::nanoTime);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    return new PrintStream(new FileOutputStream(descriptor), true, Charset.forName(encoding));
  }
}
