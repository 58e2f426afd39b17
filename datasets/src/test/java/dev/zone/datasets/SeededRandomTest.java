package dev.zone.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
  @Test
  void startsAgainFromItsSeed() {
    SeededRandom random = new SeededRandom(5);
    long first = random.nextLong();
    random.nextGaussian();
    random.reseed(5);
    assertThat(random.nextLong()).isEqualTo(first);
    assertThat(new SeededRandom(6).nextLong()).isNotEqualTo(first);
  }

  @Test
  void mixesAllThreeNumbers() {
    Set<Long> seeds = new HashSet<>();
    for (long seed = -10; seed < 10; seed++) {
      for (long a = -10; a < 10; a++) {
        for (long b = -10; b < 10; b++) {
          seeds.add(SeededRandom.mix(seed, a, b));
        }
      }
    }
    assertThat(seeds).hasSize(8000);
  }

  @Test
  void drawsEvenlyFromNeighbouringSeeds() {
    SeededRandom random = new SeededRandom(0);
    int[] counts = new int[10];
    for (long seed = 0; seed < 100_000; seed++) {
      random.reseed(seed);
      counts[random.nextInt(10)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9600, 10_400);
    }
  }

  @Test
  void hasTheMomentsOfItsDistributions() {
    SeededRandom random = new SeededRandom(9);
    int draws = 400_000;
    double[] means = new double[4];
    double fourth = 0;
    int tail = 0;
    for (int i = 0; i < draws; i++) {
      double normal = random.nextGaussian();
      means[0] += normal / draws;
      means[1] += normal * normal / draws;
      fourth += normal * normal * normal * normal / draws;
      tail += Math.abs(normal) > 3.442619855899 ? 1 : 0;
      means[2] += random.nextExponential() / draws;
      means[3] += random.nextDouble(-2, 4) / draws;
    }
    assertThat(means[0]).isCloseTo(0, Offset.offset(0.006));
    assertThat(means[1]).isCloseTo(1, Offset.offset(0.01));
    assertThat(fourth).isCloseTo(3, Offset.offset(0.1));
    // Beyond the ziggurat's last layer: 2 * (1 - Phi(3.4426)) = 5.76e-4.
    assertThat(tail).isBetween(180, 285);
    assertThat(means[2]).isCloseTo(1, Offset.offset(0.01));
    assertThat(means[3]).isCloseTo(1, Offset.offset(0.02));
  }

  @Test
  void refusesToDrawFromNothing() {
    assertThatThrownBy(() -> new SeededRandom(1).nextInt(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot draw below: 0 (expected 1 or more)");
  }
}
