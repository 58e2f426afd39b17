package dev.zone.datasets.format;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Origins;
import dev.zone.datasets.Table;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads pieces of files by several threads. A place for each that is at work and one more: memory
 * does not grow with the file.
 */
final class PiecePool implements AutoCloseable {
  private final Pieces pieces;
  private final Problems problems;
  private final ExecutorService threads;
  private final Semaphore places;
  private final int count;
  private final Spares spares = new Spares();
  private int begun;

  /** The piece whose turn it is; guarded by this. */
  private int turn;

  /** What went wrong first; guarded by this. */
  private Throwable failure;

  /** Reads a piece. */
  interface Reading {
    /**
     * @param mine receives what is wrong with the file
     */
    Content read(Problems mine);
  }

  /** What was read; nothing if there are no rows. */
  record Content(Table table, Rejections rejections, Pieces.Texts texts, Runnable release) {
    Content(Table table, Rejections rejections, Pieces.Texts texts) {
      this(table, rejections, texts, () -> {});
    }

    /**
     * @param gives back the memory of the rows and their text; once, however often it is asked
     */
    Content releasedBy(Runnable gives) {
      AtomicBoolean given = new AtomicBoolean();
      return new Content(
          table,
          rejections,
          texts,
          () -> {
            if (given.compareAndSet(false, true)) {
              gives.run();
            }
          });
    }

    /** Of a piece that cannot be read, which is told. */
    static final Content NONE =
        new Content(
            new Table(Map.of(), new Origins.Builder().build()),
            new Rejections(),
            lines -> Map.of());
  }

  /**
   * @param threads that read at the same time
   * @param problems receives what is wrong with files, in order
   */
  PiecePool(Pieces pieces, int threads, Problems problems) {
    this.pieces = pieces;
    this.problems = problems;
    count = threads;
    places = new Semaphore(count + 1);
    this.threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread named = new Thread(work, "zone-feed");
              named.setDaemon(true);
              return named;
            });
  }

  /**
   * Reads a piece beside others, after those before it have places. Waits until there is a place.
   *
   * @throws RuntimeException what a piece before failed with
   */
  void submit(Reading reading) {
    acquire(1);
    int index = begun++;
    threads.execute(
        () -> {
          try {
            run(index, reading);
          } finally {
            places.release();
          }
        });
    throwFailure();
  }

  /** Memory of pieces that were taken. */
  Spares spares() {
    return spares;
  }

  /** Adds what is wrong with a file, after all pieces that were submitted. */
  void tell(Problems more) {
    await();
    problems.addAll(more);
  }

  private void run(int index, Reading reading) {
    Content content = null;
    Problems mine = new Problems();
    Throwable failed = null;
    try {
      content = reading.read(mine);
    } catch (RuntimeException | Error e) {
      // Whatever it is, the next piece must have its turn.
      failed = e;
    }
    Pieces.Piece piece = null;
    awaitTurn(index);
    try {
      problems.addAll(mine);
      if (failed == null && content.table().rows() > 0 && !hasFailed()) {
        piece =
            new Pieces.Piece(
                index, content.table(), content.rejections(), content.texts(), content.release());
        pieces.inOrder(piece);
      }
    } catch (RuntimeException | Error e) {
      failed = e;
      piece = null;
    } finally {
      endTurn(failed);
    }
    if (piece != null) {
      try {
        pieces.take(piece);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  private synchronized void awaitTurn(int index) {
    boolean interrupted = false;
    while (turn != index) {
      try {
        wait();
      } catch (InterruptedException e) {
        // The pieces before end in any case: their threads were there first.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void endTurn(Throwable failed) {
    turn++;
    if (failed != null && failure == null) {
      failure = failed;
    }
    notifyAll();
  }

  private synchronized void fail(Throwable failed) {
    failure = failure == null ? failed : failure;
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  private synchronized void throwFailure() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  /**
   * Waits for all that was submitted.
   *
   * @throws RuntimeException what a piece failed with
   */
  void await() {
    acquire(count + 1);
    places.release(count + 1);
    throwFailure();
  }

  private void acquire(int wanted) {
    try {
      places.acquire(wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZoneException(ErrorKind.CANCELLED, "Reading was stopped", e);
    }
  }

  /** Waits for what is at work, so that nothing writes any more. */
  @Override
  public void close() {
    places.acquireUninterruptibly(count + 1);
    threads.shutdown();
  }
}
