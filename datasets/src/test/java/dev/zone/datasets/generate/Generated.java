package dev.zone.datasets.generate;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.generate.GeneratedColumns.Column;
import dev.zone.datasets.generate.GeneratedColumns.Numbers;
import dev.zone.datasets.generate.GeneratedColumns.Tensor;
import dev.zone.datasets.generate.GeneratedColumns.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Generated columns for tests, and their digest. */
final class Generated {
  private Generated() {}

  static SourceSpec.Generated source(
      SourceSpec.Generator generator, int count, long seed, Map<String, Double> parameters) {
    return new SourceSpec.Generated(generator, count, seed, parameters);
  }

  static GeneratedColumns generate(
      SourceSpec.Generator generator, int count, long seed, Map<String, Double> parameters) {
    Problems problems = new Problems();
    GeneratedColumns columns =
        Generators.generate(source(generator, count, seed, parameters), problems);
    problems.throwIfAny();
    return columns;
  }

  static List<String> problems(
      SourceSpec.Generator generator, int count, Map<String, Double> parameters) {
    Problems problems = new Problems();
    GeneratedColumns none = Generators.generate(source(generator, count, 1, parameters), problems);
    if (none.rows() != 0) {
      throw new AssertionError("rows in spite of problems");
    }
    return problems.list().stream().map(Problem::message).toList();
  }

  /** SHA-256 of the first rows of all columns. */
  static String of(GeneratedColumns columns, int rows) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, Column> column : columns.columns().entrySet()) {
        digest.update(column.getKey().getBytes(StandardCharsets.UTF_8));
        for (int row = 0; row < rows; row++) {
          digest.update(bytes(column.getValue(), row));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static byte[] bytes(Column column, int row) {
    if (column instanceof Numbers numbers) {
      return ByteBuffer.allocate(8).putDouble(numbers.values()[row]).array();
    } else if (column instanceof Texts texts) {
      return (texts.values()[row] + "\0").getBytes(StandardCharsets.UTF_8);
    }
    Tensor tensor = (Tensor) column;
    byte[] bytes = new byte[tensor.elements()];
    System.arraycopy(tensor.values(), row * bytes.length, bytes, 0, bytes.length);
    return bytes;
  }

  static double[] numbers(GeneratedColumns columns, String name) {
    return ((Numbers) columns.columns().get(name)).values();
  }

  static String[] texts(GeneratedColumns columns, String name) {
    return ((Texts) columns.columns().get(name)).values();
  }
}
