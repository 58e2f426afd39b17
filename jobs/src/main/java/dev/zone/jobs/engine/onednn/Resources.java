package dev.zone.jobs.engine.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.Pointer;

/** Native objects that live equally long, freed last first. */
final class Resources implements AutoCloseable {
  private final Deque<Pointer> owned = new ArrayDeque<>();

  /** Takes an object over. */
  <P extends Pointer> P own(P object) {
    owned.push(object);
    return object;
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
