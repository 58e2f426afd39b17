package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SocketRingTest {
  @Test
  @Timeout(60)
  void everyRankSendsAndReceivesMoreThanSocketsHold() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (SocketRing ring = new SocketRing(3);
        Team team = new Team(3)) {
      team.each(
          rank -> {
            ring.exchange(rank, 20_000_001);
            done.incrementAndGet();
          });
    }
    assertThat(done).hasValue(3);
  }
}
