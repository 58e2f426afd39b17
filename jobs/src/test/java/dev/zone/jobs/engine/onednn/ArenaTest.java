package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.jobs.engine.onednn.Arena.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArenaTest {
  @Test
  void givesOnePlaceToWhatIsNotNeededTogether() {
    Arena arena = Arena.of(List.of(new Block(100, 0, 1), new Block(80, 2, 3), new Block(60, 4, 9)));
    assertThat(arena.offsets()).containsExactly(0L, 0L, 0L);
    assertThat(arena.bytes()).isEqualTo(100);
  }

  @Test
  void keepsApartWhatAStepReadsAndWrites() {
    Arena arena = Arena.of(List.of(new Block(100, 0, 1), new Block(80, 1, 2), new Block(60, 2, 3)));
    assertThat(arena.offsets()).containsExactly(0L, 128L, 0L);
    assertThat(arena.bytes()).isEqualTo(208);
  }

  @Test
  void fillsAGapBetweenOthers() {
    Arena arena =
        Arena.of(
            List.of(
                new Block(640, 0, 9),
                new Block(320, 0, 2),
                new Block(256, 0, 9),
                new Block(300, 3, 9)));
    assertThat(arena.offsets()).containsExactly(0L, 640L, 960L, 640L);
  }

  @Test
  void neverOverlapsWhatIsNeededTogetherAndIsLittleLargerThanTheFullestStep() {
    Random random = new Random(5);
    for (int net = 0; net < 200; net++) {
      List<Block> blocks = new ArrayList<>();
      int layers = 2 + random.nextInt(12);
      for (int i = 0; i < layers; i++) {
        // Values that the way back needs, and their gradient.
        blocks.add(new Block(64L * (1 + random.nextInt(500)), i, 2 * layers - i));
        blocks.add(new Block(64L * (1 + random.nextInt(500)), 2 * layers - i - 1, 2 * layers - i));
      }
      Arena arena = Arena.of(blocks);
      long fullest = 0;
      for (int step = 0; step <= 2 * layers; step++) {
        long needed = 0;
        for (Block block : blocks) {
          needed += block.first() <= step && step <= block.last() ? block.bytes() : 0;
        }
        fullest = Math.max(fullest, needed);
      }
      for (int i = 0; i < blocks.size(); i++) {
        for (int k = 0; k < i; k++) {
          boolean apart =
              arena.offsets().get(i) + blocks.get(i).bytes() <= arena.offsets().get(k)
                  || arena.offsets().get(k) + blocks.get(k).bytes() <= arena.offsets().get(i);
          assertThat(apart || !blocks.get(i).meets(blocks.get(k))).isTrue();
        }
      }
      assertThat(arena.bytes()).isBetween(fullest, fullest * 5 / 4);
    }
  }
}
