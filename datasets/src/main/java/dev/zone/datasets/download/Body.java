package dev.zone.datasets.download;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body, handed over piece by piece as it comes. A stream's {@code read} would wait for
 * a silent server for ever; here whoever reads says for how long. One piece is asked for at a time,
 * so that a fast server fills no memory.
 */
final class Body implements HttpResponse.BodySubscriber<Body>, AutoCloseable {
  /** Bytes, or the end of them, or why there are no more. */
  private record Piece(List<ByteBuffer> bytes, boolean isEnd, Optional<Throwable> failure) {}

  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private Flow.Subscription subscription;
  private boolean closed;

  /** There at once: bytes are not waited for. */
  @Override
  public CompletionStage<Body> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    pieces.add(new Piece(bytes, false, Optional.empty()));
  }

  @Override
  public void onError(Throwable failure) {
    pieces.add(new Piece(List.of(), false, Optional.of(failure)));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(List.of(), true, Optional.empty()));
  }

  /**
   * The next bytes; empty at the end.
   *
   * @param silence how long to wait for them
   * @throws BrokenException if the connection broke, or was silent for so long
   */
  Optional<List<ByteBuffer>> next(Duration silence) throws BrokenException, InterruptedException {
    Piece piece = pieces.poll(silence.toNanos(), TimeUnit.NANOSECONDS);
    if (piece == null) {
      throw new BrokenException("nothing came for %d s".formatted(silence.toSeconds()));
    }
    if (piece.failure().isPresent()) {
      throw Requests.broken(piece.failure().get(), silence);
    }
    if (piece.isEnd()) {
      return Optional.empty();
    }
    ask();
    return Optional.of(piece.bytes());
  }

  private synchronized void ask() {
    subscription.request(1);
  }

  /** Drops the connection, unless all came. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
