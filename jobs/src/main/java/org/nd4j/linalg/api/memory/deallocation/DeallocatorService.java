package org.nd4j.linalg.api.memory.deallocation;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.api.memory.Deallocatable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees native memory of arrays that nobody can reach any more, in place of ND4J's own class of
 * this name, which frees it at once. That is too early: ND4J passes arrays to native operations
 * that nothing else refers to, such as the axes of a broadcast. A garbage collection stops a thread
 * between reading such an array's address and using it, and the array is gone when the thread goes
 * on: the process ends in a fault, after seconds with a small heap, after days with a large one.
 * Here memory is freed a while after it was found unreachable, when no call that was stopped then
 * can still begin.
 *
 * <p>It must have this very name, so it lives in ND4J's package rather than in ours. ND4J's
 * periodic collections, which are off unless somebody turns them on, it does not do.
 */
public class DeallocatorService {
  private static final Logger LOG = LoggerFactory.getLogger(DeallocatorService.class);

  /** Shorter than ND4J tries to get memory again when there is none. */
  static final long GRACE_MILLIS = 100;

  private final AtomicLong names = new AtomicLong();
  private final Map<String, DeallocatableReference> references = new ConcurrentHashMap<>();

  /** One for each device, in their order. */
  private final List<ReferenceQueue<Deallocatable>> unreachable = new ArrayList<>();

  private final boolean disabled =
      Boolean.getBoolean(ND4JSystemProperties.NO_ARRAY_GC)
          || Boolean.getBoolean("org.bytedeco.javacpp.nopointergc");

  /** Called by ND4J, once. */
  public DeallocatorService() {
    int devices = Nd4j.getAffinityManager().getNumberOfDevices();
    for (int device = 0; device < devices && !disabled; device++) {
      ReferenceQueue<Deallocatable> queue = new ReferenceQueue<>();
      unreachable.add(queue);
      int own = device;
      Thread thread = new Thread(() -> free(own, queue), "DeallocatorServiceThread_" + device);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
    }
  }

  /** A number that no other array has. */
  public long nextValue() {
    return names.incrementAndGet();
  }

  /** Frees what the object stands for once nobody can reach it. */
  public void pickObject(Deallocatable object) {
    if (!disabled) {
      DeallocatableReference reference =
          new DeallocatableReference(object, unreachable.get(object.targetDevice()));
      references.put(object.getUniqueId(), reference);
    }
  }

  private record Waiting(DeallocatableReference reference, long since) {}

  private void free(int device, ReferenceQueue<Deallocatable> queue) {
    Nd4j.getAffinityManager().unsafeSetDevice(device);
    Deque<Waiting> waiting = new ArrayDeque<>();
    try {
      while (true) {
        Reference<? extends Deallocatable> next =
            waiting.isEmpty() ? queue.remove() : queue.remove(millisUntilDue(waiting.peek()));
        if (next instanceof DeallocatableReference reference) {
          waiting.add(new Waiting(reference, System.nanoTime()));
        }
        while (!waiting.isEmpty() && isDue(waiting.peek())) {
          free(waiting.remove().reference);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void free(DeallocatableReference due) {
    try {
      due.getDeallocator().deallocate();
    } catch (RuntimeException e) {
      // Nobody else frees what comes after it.
      LOG.warn("Cannot free an array of ND4J's", e);
    } finally {
      references.remove(due.getId());
    }
  }

  private static boolean isDue(Waiting oldest) {
    return System.nanoTime() - oldest.since >= TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
  }

  private static long millisUntilDue(Waiting oldest) {
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - oldest.since);
    return Math.max(1, GRACE_MILLIS - waited);
  }
}
