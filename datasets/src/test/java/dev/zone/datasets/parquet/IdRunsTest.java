package dev.zone.datasets.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;

class IdRunsTest {
  private static byte[] ofLibrary(int[] ids, int from, int to, int width) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(width, 16, 1 << 16, new HeapByteBufferAllocator())) {
      for (int i = from; i < to; i++) {
        encoder.writeInt(ids[i]);
      }
      return encoder.toBytes().toByteArray();
    }
  }

  @Test
  void areTheBytesThatTheLibraryMakes() throws IOException {
    Random random = new Random(1);
    for (int width = 0; width <= 20; width++) {
      for (int round = 0; round < 40; round++) {
        int[] ids = new int[random.nextInt(2000)];
        int longest = 1 + random.nextInt(40);
        for (int i = 0; i < ids.length; ) {
          int id = random.nextInt(1 << width);
          int end = Math.min(ids.length, i + 1 + random.nextInt(longest));
          for (; i < end; i++) {
            ids[i] = id;
          }
        }
        int from = random.nextInt(ids.length + 1);
        int to = from + random.nextInt(ids.length - from + 1);
        assertThat(IdRuns.of(ids, from, to, width).toByteArray())
            .as("width %d, round %d", width, round)
            .isEqualTo(ofLibrary(ids, from, to, width));
      }
    }
  }

  @Test
  void makeLongRunsAndManyGroups() throws IOException {
    int[] ids = new int[100_000];
    for (int i = 70_000; i < ids.length; i++) {
      ids[i] = i % 70_000;
    }
    assertThat(IdRuns.of(ids, 0, ids.length, 17).toByteArray())
        .isEqualTo(ofLibrary(ids, 0, ids.length, 17));
  }
}
