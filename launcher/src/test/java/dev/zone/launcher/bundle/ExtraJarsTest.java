package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that an administrator adds, such as the client of an object store. */
class ExtraJarsTest {
  @TempDir private Path folder;

  private Path jar(String name) throws IOException {
    Path jar = folder.resolve(name);
    Files.createDirectories(jar.getParent());
    return Files.writeString(jar, name);
  }

  @Test
  void areLastOnTheClassPathAndGoWithFeedsAndIntoTheDigest() throws IOException {
    jar("home/spark/jars/spark-core.jar");
    Path own = jar("home/lib/jobs/zone-jobs-1.jar");
    Distribution distribution =
        new Distribution(folder.resolve("home"), Optional.of(folder.resolve("clone")));
    String before = distribution.classPath();
    String digest = distribution.classPathDigest();
    assertThat(distribution.extraJars()).isEmpty();

    Path ofDistribution = jar("home/lib/extra/hadoop-aws-3.jar");
    Path ofClone = jar("clone/.zone/extra/bundle-2.jar");
    jar("home/lib/extra/readme.txt");
    assertThat(distribution.extraJars()).containsExactly(ofDistribution, ofClone);
    assertThat(distribution.classPath())
        .isEqualTo(
            String.join(
                File.pathSeparator,
                before,
                folder.resolve("home/lib/extra/*").toString(),
                folder.resolve("clone/.zone/extra/*").toString()));
    assertThat(distribution.classPathDigest()).isNotEqualTo(digest);
    assertThat(new ApplicationJars(distribution, Optional.empty()).ofFeeds())
        .containsExactly(own, ofDistribution, ofClone);
  }
}
