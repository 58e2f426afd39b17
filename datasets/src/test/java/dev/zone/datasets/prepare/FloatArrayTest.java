package dev.zone.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Npy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloatArrayTest {
  @TempDir Path folder;

  private Path write(int rows, int width) throws IOException {
    Path file = folder.resolve("a.npy");
    byte[] header = new Npy(Npy.Type.F4, List.of(rows, width)).header();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int written = channel.write(ByteBuffer.wrap(header));
      FloatSink sink = new FloatSink(channel, written);
      for (int i = 0; i < rows * width; i++) {
        sink.write(new float[] {i});
      }
      sink.flush();
    }
    return file;
  }

  @Test
  void readsAcrossSegments() throws IOException {
    // Two examples of 12 bytes in a segment of at most 30.
    FloatArray array = FloatArray.map(write(7, 3), 7, 3, 30);
    assertThat(array.size()).isEqualTo(7);
    for (int example = 0; example < 7; example++) {
      FloatBuffer into = FloatBuffer.allocate(4).position(1);
      array.copy(example, into);
      assertThat(into.position()).isEqualTo(4);
      assertThat(into.get(1)).isEqualTo(example * 3);
      assertThat(into.get(3)).isEqualTo(example * 3 + 2);
    }
  }

  @Test
  void refusesAnotherShapeAndOtherFiles() throws IOException {
    Path file = write(7, 3);
    assertThatThrownBy(() -> FloatArray.map(file, 8, 3))
        .isInstanceOf(ZoneException.class)
        .hasMessageContaining("Cannot use prepared data " + file)
        .hasMessageContaining("(expected ");
    Files.writeString(file, "no array");
    assertThatThrownBy(() -> FloatArray.map(file, 7, 3))
        .isInstanceOf(ZoneException.class)
        .hasMessageContaining("no float32 array");
  }
}
