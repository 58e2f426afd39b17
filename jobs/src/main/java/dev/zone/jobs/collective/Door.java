package dev.zone.jobs.collective;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The accepting side of a rank that looks for the rank before it. Whoever comes must prove within
 * some seconds that he is that rank; at most {@value #STRANGERS} may be about it at once, and when
 * one more comes, the oldest has to go. So a flood costs a bounded amount of memory and
 * descriptors, and the neighbour, who answers at once, is through before his turn to go comes; if
 * not, he calls again.
 */
final class Door implements Closeable {
  private static final int STRANGERS = 256;

  /** So that those who are here are heard between those who come. */
  private static final int ACCEPTED_AT_ONCE = 16;

  private static final long PROOF_NANOS = Duration.ofSeconds(5).toNanos();

  /** After the system refused to accept, as it does when it is out of descriptors. */
  private static final long REFUSED_NANOS = Duration.ofMillis(100).toNanos();

  private final Selector selector;
  private final RingEndpoint endpoint;
  private final RingGuard guard;
  private final int from;
  private final int to;
  private final SecureRandom random = new SecureRandom();

  /** By age, the oldest first. */
  private final Set<Visitor> strangers = new LinkedHashSet<>();

  private final SelectionKey entrance;
  private Optional<Wire> neighbour = Optional.empty();
  private boolean knocked;
  private boolean refused;
  private long resume;

  /**
   * @param from the rank that is expected
   * @param to this rank
   */
  Door(Selector selector, RingEndpoint endpoint, RingGuard guard, int from, int to)
      throws IOException {
    this.selector = selector;
    this.endpoint = endpoint;
    this.guard = guard;
    this.from = from;
    this.to = to;
    this.entrance =
        endpoint
            .server()
            .register(selector, SelectionKey.OP_ACCEPT, (Runnable) () -> knocked = true);
  }

  boolean isDone() {
    return neighbour.isPresent();
  }

  /** The neighbour's connection, which is the caller's to close. */
  Wire take() {
    Wire wire = neighbour.orElseThrow();
    neighbour = Optional.empty();
    return wire;
  }

  /** After how many nanoseconds {@link #tick} has something to do even if nobody stirs. */
  long nanosLeft(long now) {
    long left = PROOF_NANOS;
    if (!strangers.isEmpty()) {
      left = strangers.iterator().next().since() + PROOF_NANOS - now;
    }
    return refused ? Math.min(left, resume - now) : left;
  }

  /**
   * Lets in who has come, after those who are here have been heard, and sees out who is overdue.
   */
  void tick(long now) {
    Iterator<Visitor> oldest = strangers.iterator();
    while (oldest.hasNext()) {
      Visitor visitor = oldest.next();
      if (now - visitor.since() < PROOF_NANOS) {
        break;
      }
      oldest.remove();
      Closing.quietly(visitor);
    }
    if (refused && now - resume >= 0) {
      refused = false;
      entrance.interestOps(SelectionKey.OP_ACCEPT);
    }
    if (knocked) {
      knocked = false;
      accept(now);
    }
  }

  private void accept(long now) {
    try {
      for (int i = 0; i < ACCEPTED_AT_ONCE && !isDone(); i++) {
        SocketChannel channel = endpoint.server().accept();
        if (channel == null) {
          return;
        }
        if (strangers.size() >= STRANGERS) {
          dropOldest();
        }
        receive(channel);
      }
    } catch (IOException e) {
      // Out of descriptors, most likely: whoever holds them longest without a proof makes room.
      dropOldest();
      refused = true;
      resume = now + REFUSED_NANOS;
      entrance.interestOps(0);
    }
  }

  private void receive(SocketChannel channel) {
    Visitor visitor = new Visitor(channel, guard, from, to, Handshake.nonce(random));
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      strangers.add(visitor);
      channel.register(selector, 0, (Runnable) () -> hear(visitor));
      hear(visitor);
    } catch (IOException e) {
      drop(visitor);
    }
  }

  private void hear(Visitor visitor) {
    if (isDone() || !strangers.contains(visitor)) {
      return;
    }
    try {
      if (visitor.advance()) {
        strangers.remove(visitor);
        visitor.wire().channel().keyFor(selector).cancel();
        neighbour = Optional.of(visitor.wire());
        shut();
      } else {
        visitor.wire().channel().keyFor(selector).interestOps(visitor.interest());
      }
    } catch (IOException e) {
      // A stranger who hangs up or proves nothing is no event for the run.
      drop(visitor);
    }
  }

  private void dropOldest() {
    Iterator<Visitor> oldest = strangers.iterator();
    if (oldest.hasNext()) {
      drop(oldest.next());
    }
  }

  private void drop(Visitor visitor) {
    strangers.remove(visitor);
    Closing.quietly(visitor);
  }

  /** Nobody can reach a ring that runs. */
  private void shut() {
    strangers.forEach(Closing::quietly);
    strangers.clear();
    endpoint.close();
  }

  @Override
  public void close() {
    shut();
    neighbour.ifPresent(Closing::quietly);
  }
}
