package dev.zone.launcher.faults;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Loaded into a JVM, takes its memory and keeps it. */
public final class MemoryAgent {
  private static final int HEAP_PIECE = 1 << 16;
  private static final long NATIVE_PIECE = 64L << 20;
  private static final int MOST_PIECES = 24;
  private static final long PAUSE_NANOS = 50_000_000L;

  private MemoryAgent() {}

  /**
   * @param what {@code heap} or {@code native}
   */
  public static void agentmain(String what) throws ReflectiveOperationException {
    if (what.equals("heap")) {
      Thread thread = new Thread(MemoryAgent::takeHeap, "memory-agent");
      thread.setDaemon(true);
      thread.start();
    } else {
      takeNative();
    }
  }

  private static void takeHeap() {
    List<byte[]> taken = new ArrayList<>();
    while (!Thread.interrupted()) {
      try {
        taken.add(new byte[HEAP_PIECE]);
      } catch (OutOfMemoryError e) {
        // As long as anything is let go of, it is taken too; but each try is a collection of
        // everything, between which the others must have their turn to fail.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void takeNative() throws ReflectiveOperationException {
    Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    sun.misc.Unsafe unsafe = (sun.misc.Unsafe) field.get(null);
    for (int i = 0; i < MOST_PIECES; i++) {
      long address = unsafe.allocateMemory(NATIVE_PIECE);
      unsafe.setMemory(address, NATIVE_PIECE, (byte) 1);
    }
  }
}
