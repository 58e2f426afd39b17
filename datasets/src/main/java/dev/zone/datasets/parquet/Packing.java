package dev.zone.datasets.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Packs pages by Zstandard. Parquet's own codec does the same, but reads Hadoop's configuration
 * first, which takes longer than a small feed.
 */
final class Packing implements AutoCloseable {
  static final CompressionCodecName CODEC = CompressionCodecName.ZSTD;

  /** Numbers that are counted in a dictionary hardly become smaller by more work. */
  private static final int LEVEL = 1;

  private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
  private final Plain plain = new Plain();
  private byte[] packed = new byte[0];

  /** What is to be packed, without a copy of it. */
  private static final class Plain extends ByteArrayOutputStream {
    byte[] bytes() {
      return buf;
    }
  }

  /** The page packed, until the next one is. */
  BytesInput pack(BytesInput page) throws IOException {
    plain.reset();
    page.writeAllTo(plain);
    long most = Zstd.compressBound(plain.size());
    if (packed.length < most) {
      packed = new byte[Math.toIntExact(most)];
    }
    int length = zstd.compressByteArray(packed, 0, packed.length, plain.bytes(), 0, plain.size());
    return BytesInput.from(packed, 0, length);
  }

  @Override
  public void close() {
    zstd.close();
  }
}
