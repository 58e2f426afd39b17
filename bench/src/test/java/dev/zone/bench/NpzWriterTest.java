package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzWriterTest {
  @TempDir Path folder;

  @Test
  void arraysHaveNumPysHeaderAndTheirValues() throws IOException {
    Path file = folder.resolve("two.npz");
    float[] values = new float[20_000];
    values[19_999] = 2.5f;
    try (NpzWriter out = new NpzWriter(file)) {
      out.floats("x", values, 100, 200);
      out.longs("label", new long[] {3, -1});
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ByteBuffer x = bytes(zip, "x.npy");
      int header = x.getShort(8);
      assertThat((10 + header) % 64).isZero();
      assertThat(new String(x.array(), 10, header, StandardCharsets.US_ASCII))
          .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (100, 200,), }")
          .endsWith("\n");
      assertThat(x.limit()).isEqualTo(10 + header + 80_000);
      assertThat(x.getFloat(x.limit() - 4)).isEqualTo(2.5f);
      ByteBuffer label = bytes(zip, "label.npy");
      assertThat(label.getLong(label.limit() - 8)).isEqualTo(-1);
    }
  }

  private static ByteBuffer bytes(ZipFile zip, String entry) throws IOException {
    return ByteBuffer.wrap(zip.getInputStream(zip.getEntry(entry)).readAllBytes())
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
