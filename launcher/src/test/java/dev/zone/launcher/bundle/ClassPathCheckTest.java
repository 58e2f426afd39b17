package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathCheckTest {
  private static final Versions VERSIONS = new Versions("1", "4.2.0", "1.0.0-M2.1");

  @TempDir private Path folder;
  private Path spark;

  @BeforeEach
  void makeFolders() throws IOException {
    spark = Files.createDirectories(folder.resolve("spark/jars")).getParent();
  }

  private Path jar(Path place, Map<String, String> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(place);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return place;
  }

  private List<String> check(Path... application) {
    Problems problems = new Problems();
    ClassPathCheck.check(spark, List.of(application), VERSIONS, "z.yaml:1:1", problems);
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void findsClassesThatDifferUnderOneName() throws IOException {
    jar(spark.resolve("jars/spark-core_2.13-4.2.0.jar"), Map.of("a/A.class", "1"));
    jar(
        spark.resolve("jars/lib-1.jar"),
        Map.of("b/B.class", "old", "b/C.class", "old", "b/D.class", "same"));
    Path own =
        jar(
            folder.resolve("lib-2.jar"),
            Map.of("b/B.class", "new", "b/C.class", "new", "b/D.class", "same", "b/E.class", "e"));
    Path harmless =
        jar(folder.resolve("other.jar"), Map.of("b/B.txt", "x", "module-info.class", "y"));
    assertThat(check(own, harmless))
        .containsExactly(
            "z.yaml:1:1: Cannot put lib-2.jar beside lib-1.jar of %s: 2 classes differ, such as b.B (expected each class once)"
                .formatted(spark));
  }

  @Test
  void findsASparkOfAnotherVersionOrScala() throws IOException {
    assertThat(check())
        .containsExactly(
            "z.yaml:1:1: Cannot use %s: no jars/spark-core_*.jar (expected a Spark)"
                .formatted(spark));
    Path core = jar(spark.resolve("jars/spark-core_2.12-3.5.9.jar"), Map.of("a/A.class", "1"));
    assertThat(check())
        .containsExactly(
            "z.yaml:1:1: Cannot use %s: Spark 3.5.9 for Scala 2.12 (expected Spark 4.2.x for Scala 2.13)"
                .formatted(spark));
    Files.delete(core);
    jar(spark.resolve("jars/spark-core_2.13-4.2.9.jar"), Map.of("a/A.class", "1"));
    assertThat(check()).isEmpty();
  }
}
