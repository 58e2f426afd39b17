package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import java.util.Iterator;
import java.util.function.Consumer;

/** Has parts of a feed done wherever there is room, several at the same time. */
@FunctionalInterface
public interface FeedTasks {
  /**
   * Does tasks; each may be done more than once.
   *
   * @param tasks each for {@link FeedTask#run}; asked for one when there is room for it
   * @param answerBytes about so large an answer may be: few enough are held at a time
   * @param answers takes one answer for each task, in the order of the tasks, on this thread; if it
   *     throws, all that is at work is stopped
   * @throws ZoneException if a task fails again and again, or somebody asks for the end; nothing is
   *     at work then
   */
  void run(Iterator<byte[]> tasks, long answerBytes, Consumer<byte[]> answers);
}
