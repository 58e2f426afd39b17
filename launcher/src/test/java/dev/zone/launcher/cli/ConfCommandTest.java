package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.launcher.cli.Sandbox.Result;
import dev.zone.launcher.master.FakeMaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfCommandTest {
  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() {
    sandbox = new Sandbox(folder).withTheClockOfThisMachine();
  }

  private Result zone(String... arguments) {
    return sandbox.zone("succeed", arguments);
  }

  @Test
  void tellsEveryMistakeOfEveryFile() {
    sandbox.write("work/a.yaml", "name: A\ncentres: {}\n");
    sandbox.write("work/b.yaml", "name: b\ncentres: {x: {master: yarn, storage: 'hdfs://n/z'}}\n");
    Result result = zone("conf", "check", "a.yaml", "b.yaml", "laptop", "labtop");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines())
        .contains(
            "zone: Cannot find the zone: labtop (expected a file, or one of laptop), did you mean 'laptop'?")
        .anyMatch(line -> line.contains("a.yaml:1:7: Cannot use name: A (expected lower case"))
        .anyMatch(
            line ->
                line.contains(
                    "b.yaml:2:23: Cannot use centres.x.master: yarn (expected the key hadoopConf too"))
        .anyMatch(line -> line.contains("Cannot use centres.x.machines: none"));
    assertThat(result.out()).isEqualTo("laptop: no mistakes\n");
  }

  @Test
  void tellsContradictionsBesideKeysThatDoNotExist() {
    sandbox.write(
        "work/c.yaml",
        """
        name: c
        centres:
          x:
            master: spark://m:7077
            storage: file:/srv/zone
            machnes: []
            machines: [{name: m, cores: 2, memory: 4g}]
            limits: {cores: 3}
            spark: {spark.dynamicAllocation.enabled: 'true'}
        """);
    Result result = zone("conf", "check", "c.yaml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines())
        .anyMatch(line -> line.contains("c.yaml:6:5: Cannot use key 'machnes' in centres.x"))
        .anyMatch(line -> line.contains("c.yaml:8:21: Cannot use centres.x.limits.cores: 3"))
        .anyMatch(line -> line.contains("c.yaml:9:46: Cannot use centres.x.spark.spark.dynamic"));
  }

  @Test
  void showsWhereEachValueComesFrom() {
    Result result = zone("conf", "show");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines())
        .anyMatch(
            line -> line.matches("centres\\.here\\.master: local\\[\\*] +# .*laptop\\.yaml:3:18"))
        .anyMatch(line -> line.matches("centres\\.here\\.deployMode: client +# default"));
    assertThat(zone("conf", "show", "laptop", "-o", "json").out())
        .contains(
            "{\"path\":\"centres.here.deployMode\",\"value\":\"client\",\"from\":\"default\"}");
  }

  @Test
  void showsWhatDiffers() {
    sandbox.write(
        "work/b.yaml",
        "name: laptop\ncentres: {here: {master: 'local[2]', storage: ~/.zone/storage, environment: {A: b}}}\n");
    assertThat(zone("conf", "diff", "laptop", "b.yaml").out())
        .isEqualTo(
            """
            ~ centres.here.master: local[*] -> local[2]
            - centres.here.environment: {}
            + centres.here.environment.A: b
            """);
    assertThat(zone("conf", "diff", "laptop", "laptop").out()).isEqualTo("nothing differs\n");
  }

  @Test
  void triesMasterPlacesAndStorage() throws IOException {
    try (FakeMaster master = new FakeMaster()) {
      sandbox.write("work/lab.yaml", master.zone("file:" + folder.resolve("storage")));
      Result result = zone("conf", "check", "--connect", "lab.yaml");
      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(result.out())
          .isEqualTo(
              """
              lab/hall: master: spark://127.0.0.1:7077 runs Spark 4.2.0
              lab/hall: places: 7 of 8 cores free, on 2 machines; 4 workers of the default size fit now
              lab/hall: storage: %s can be written, read and listed
              """
                  .formatted(folder.resolve("storage")));
      assertThat(folder.resolve("storage")).isEmptyDirectory();
    }
  }

  @Test
  void saysWhatDoesNotWork() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    try (FakeMaster master = new FakeMaster()) {
      master.says("/v1/submissions/status/none", "{'serverSparkVersion': '3.5.9'}");
      sandbox.write("work/lab.yaml", master.zone("file:" + folder.resolve("file/storage")));
      Result result = zone("conf", "check", "--connect", "lab.yaml");
      assertThat(result.exitCode()).isEqualTo(4);
      assertThat(result.err().lines())
          .anyMatch(
              line ->
                  line.equals(
                      "zone: lab/hall: Cannot run jobs on Spark 3.5.9 (expected 4.2.x, as Zone is built with)"))
          .anyMatch(
              line -> line.startsWith("zone: lab/hall: Cannot use the storage: file:" + folder));
    }
  }

  @Test
  void triesNoCentreWhoseConfigurationIsNotHere() {
    sandbox.write(
        "work/far.yaml",
        """
        name: far
        centres:
          a:
            master: yarn
            deployMode: cluster
            hadoopConf: /none
            storage: hdfs://n/z
            machines: [{name: m, cores: 1, memory: 4g}]
        """);
    Result result = zone("conf", "check", "--connect", "far.yaml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .endsWith("(expected a folder with yarn-site.xml)");
  }

  @Test
  void saysInOneLineThatAStorageDoesNotAnswer() {
    // Nothing listens on port 9.
    sandbox.write(
        "work/far.yaml",
        """
        name: far
        centres:
          a:
            master: yarn
            deployMode: cluster
            hadoopConf: /none
            storage: hdfs://127.0.0.1:9/z
            machines: [{name: m, cores: 1, memory: 4g}]
        """);
    Result listed = zone("list", "--zone", "far.yaml");
    assertThat(listed.exitCode()).isZero();
    assertThat(listed.err().lines())
        .singleElement()
        .asString()
        .startsWith("zone: far/a: Cannot list the record: hdfs://127.0.0.1:9/z/runs (");
    Result submitted = zone("submit", "succeed", "--zone", "far.yaml");
    assertThat(submitted.exitCode()).isEqualTo(2);
  }

  @Test
  void noticesClocksThatDiffer() throws IOException {
    Sandbox late = new Sandbox(folder);
    Result result = late.zone("succeed", "conf", "check", "--connect", "laptop");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .startsWith("zone: laptop/here: Cannot trust the clocks: the storage's is ")
        .contains(" s ahead of this machine's (expected at most 60 s");
  }
}
