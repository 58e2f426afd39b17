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
import java.util.Optional;
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
    Files.createDirectories(folder.resolve("home/lib/jobs"));
    Files.createDirectories(folder.resolve("home/spark/jars"));
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

  private List<String> check() {
    Problems problems = new Problems();
    Distribution distribution = new Distribution(folder.resolve("home"), Optional.empty());
    ClassPathCheck.check(spark, distribution, VERSIONS, "z.yaml:1:1", problems);
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void findsClassesThatDifferUnderOneName() throws IOException {
    jar(spark.resolve("jars/spark-core_2.13-4.2.0.jar"), Map.of("a/A.class", "1"));
    jar(
        spark.resolve("jars/lib-1.jar"),
        Map.of("b/B.class", "old", "b/C.class", "old", "b/D.class", "same"));
    jar(
        folder.resolve("home/lib/jobs/lib-2.jar"),
        Map.of("b/B.class", "new", "b/C.class", "new", "b/D.class", "same", "b/E.class", "e"));
    jar(
        folder.resolve("home/lib/jobs/other.jar"),
        Map.of("b/B.txt", "x", "module-info.class", "y"));
    assertThat(check())
        .containsExactly(
            "z.yaml:1:1: Cannot put lib-2.jar beside lib-1.jar of %s: 2 classes differ, such as b.B (expected each class once)"
                .formatted(spark));
  }

  @Test
  void takesWhatDiffersFromOurOwnSparkTooForTested() throws IOException {
    jar(spark.resolve("jars/spark-core_2.13-4.2.0.jar"), Map.of("a/A.class", "1"));
    jar(spark.resolve("jars/lib-1.jar"), Map.of("b/B.class", "newer", "b/C.class", "other"));
    jar(folder.resolve("home/spark/jars/lib-0.jar"), Map.of("b/B.class", "old"));
    jar(folder.resolve("home/lib/jobs/shaded.jar"), Map.of("b/B.class", "mine", "b/C.class", "c"));
    assertThat(check())
        .singleElement()
        .asString()
        .contains("Cannot put shaded.jar beside lib-1.jar")
        .contains("1 classes differ, such as b.C");
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
