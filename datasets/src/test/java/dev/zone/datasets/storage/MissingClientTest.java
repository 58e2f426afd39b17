package dev.zone.datasets.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.util.VersionInfo;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class MissingClientTest {
  private static void assertMissing(String uri, Map<String, String> properties, String message) {
    assertThatThrownBy(() -> Storage.of(URI.create(uri), properties))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> Assertions.assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessage(message);
  }

  @Test
  void saysWhichJarsAnObjectStoreNeedsAndWhereTheyBelong() {
    assertMissing(
        "s3a://bucket/folder",
        Map.of(),
        "Cannot use storage: s3a://bucket/folder: the class org.apache.hadoop.fs.s3a.S3AFileSystem is missing (expected hadoop-aws-%s.jar, analyticsaccelerator-s3-*.jar and the AWS SDK's bundle-2.*.jar in lib/extra of the distribution or .zone/extra of the source tree; docs/clusters.md says more)"
            .formatted(VersionInfo.getVersion()));
    assertMissing(
        "own://host/folder",
        Map.of("fs.own.impl", "com.example.OwnFileSystem"),
        "Cannot use storage: own://host/folder: the class com.example.OwnFileSystem is missing (expected the jar of the client of own, and what it needs, in lib/extra of the distribution or .zone/extra of the source tree; docs/clusters.md says more)");
  }
}
