package org.nd4j.linalg.api.memory.deallocation;

import static org.assertj.core.api.Assertions.assertThat;

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

    memory = null;
    long before = System.nanoTime();
    long until = before + TimeUnit.SECONDS.toNanos(30);
    boolean done = false;
    while (!done && System.nanoTime() < until) {
      System.gc();
      done = freed.await(2 * DeallocatorService.GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    assertThat(done).isTrue();
    assertThat(System.nanoTime() - before)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(DeallocatorService.GRACE_MILLIS));
  }

  @Test
  void countsOn() {
    DeallocatorService service = new DeallocatorService();
    assertThat(service.nextValue()).isLessThan(service.nextValue());
  }
}
