package dev.zone.launcher.submit;

import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Turns the terminal's Ctrl-C (SIGINT) and SIGTERM into calls instead of the end of this JVM, until
 * closed. A shutdown hook cannot do this: it hears of the first signal only.
 */
public final class Interrupts implements AutoCloseable {
  private record Replaced(Signal signal, SignalHandler handler) {}

  private final List<Replaced> replaced = new ArrayList<>();

  public Interrupts(Runnable onSignal) {
    for (String name : List.of("INT", "TERM")) {
      Signal signal = new Signal(name);
      replaced.add(new Replaced(signal, Signal.handle(signal, ignored -> onSignal.run())));
    }
  }

  @Override
  public void close() {
    replaced.forEach(one -> Signal.handle(one.signal, one.handler));
  }
}
