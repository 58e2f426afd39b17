package org.nd4j.linalg.api.memory.deallocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.memory.Deallocatable;
import org.nd4j.linalg.api.memory.Deallocator;
import org.nd4j.linalg.factory.Nd4j;

/** What a native call may still be about to read is not freed under it. */
class DeallocatorServiceTest {
  /** Something native. */
  private record Memory(String id, CountDownLatch freed) implements Deallocatable {
    @Override
    public String getUniqueId() {
      return id;
    }

    @Override
    public Deallocator deallocator() {
      // Not of the object itself: that would keep it reachable.
      CountDownLatch own = freed;
      return own::countDown;
    }

    @Override
    public int targetDevice() {
      return 0;
    }
  }

  @Test
  void isTheOneThatArraysUse() {
    assertThat(Nd4j.getDeallocatorService().getClass().getDeclaredFields())
        .extracting("name")
        .contains("GRACE_MILLIS");
  }

  @Test
  void freesWhatNobodyReachesAndNotAtOnce() throws InterruptedException {
    CountDownLatch freed = new CountDownLatch(1);
    DeallocatorService service = new DeallocatorService();
    Memory memory = new Memory("one", freed);
    service.pickObject(memory);
    assertThat(memory.freed().getCount()).isOne();

    ReferenceQueue<Memory> unreachable = new ReferenceQueue<>();
    WeakReference<Memory> own = new WeakReference<>(memory, unreachable);
    memory = null;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    Object found = null;
    while (found == null && System.nanoTime() < until) {
      System.gc();
      found = unreachable.remove(100);
    }
    assertThat(found).isSameAs(own);
    long from = System.nanoTime();

    assertThat(freed.await(30, TimeUnit.SECONDS)).isTrue();
    // The service may have heard a little earlier.
    assertThat(System.nanoTime() - from)
        .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(DeallocatorService.GRACE_MILLIS / 2));
  }

  @Test
  void countsOn() {
    DeallocatorService service = new DeallocatorService();
    assertThat(service.nextValue()).isLessThan(service.nextValue());
  }
}
