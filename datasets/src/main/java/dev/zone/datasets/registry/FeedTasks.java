package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;

/** Has parts of a feed done wherever there is room, several at the same time. */
public interface FeedTasks {
  /**
   * Does tasks; each may be done more than once.
   *
   * @param tasks each for {@link #answer}; asked for one when there is room for it
   * @param answerBytes about so large an answer may be: few enough are held at a time
   * @param answers takes one answer for each task, in the order of the tasks, on this thread; if it
   *     throws, all that is at work is stopped
   * @throws ZoneException if a task fails again and again, or somebody asks for the end; nothing is
   *     at work then
   */
  void run(Iterator<byte[]> tasks, long answerBytes, Consumer<byte[]> answers);

  /**
   * Looks, while there are no tasks yet, whether the feed is still wanted.
   *
   * @throws ZoneException if somebody asks for the end
   */
  default void requireWanted() {
    // Nobody asks.
  }

  /**
   * Does a task. What is the file's fault is its answer; a storage that fails is thrown, so that
   * the task is done again.
   *
   * @param storages opens a folder by its place: a path or a URI
   * @throws ZoneException of the environment if a storage fails
   */
  static byte[] answer(byte[] task, Function<String, Storage> storages) {
    return FeedTask.run(task, storages);
  }
}
