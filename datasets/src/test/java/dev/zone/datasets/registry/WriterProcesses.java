package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@link RegistryWriter}s of a registry, each in a process of its own.
 *
 * @param root the registry's folder or URI
 * @param classPath of the processes
 */
record WriterProcesses(String root, String classPath) {
  private static final int WITHOUT_END = 10_000;

  private Process start(int first, int count, Path go) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            "-XX:TieredStopAtLevel=1",
            RegistryWriter.class.getName(),
            root,
            Integer.toString(first),
            Integer.toString(count),
            go.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void awaitReady(Process writer) throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8));
    assertThat(said.readLine()).isEqualTo("ready");
  }

  /**
   * Has processes feed at the same moment, each so many lots of its own, and waits for all.
   *
   * @param go a file that is not there yet
   */
  void feedAtOnce(int processes, int feedsEach, Path go) throws Exception {
    List<Process> writers = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        writers.add(start(i * feedsEach, feedsEach, go));
      }
      for (Process writer : writers) {
        awaitReady(writer);
      }
      Files.createFile(go);
      for (Process writer : writers) {
        assertThat(writer.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(writer.exitValue()).isZero();
      }
    } finally {
      writers.forEach(Process::destroyForcibly);
    }
  }

  /**
   * Kills one writer after the other at random moments and makes sure each time that the registry
   * opens cleanly, holds whole versions only, and takes the interrupted feed again.
   *
   * @param kills how many, unless {@code zone.registry.kills} says
   * @param mostMicros longest life of a writer
   * @param go a file that is not there yet
   */
  void assertCleanAfterEachDeath(Registry registry, int kills, int mostMicros, Path go)
      throws Exception {
    long seed = Long.getLong("zone.registry.seed", System.nanoTime());
    System.out.println("Seed of the moments at which writers die: " + seed);
    Random random = new Random(seed);
    Files.createFile(go);
    int next = 0;
    for (int kill = 0; kill < Integer.getInteger("zone.registry.kills", kills); kill++) {
      Process writer = start(next, WITHOUT_END, go);
      awaitReady(writer);
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(mostMicros)));
      writer.destroyForcibly().waitFor();

      RegisteredDataset opened = registry.open(RegistryWriter.NAME);
      int there = opened.newest().map(version -> version.feeds().size()).orElse(0);
      assertThat(opened.numbers()).hasSize(there);
      for (int number : opened.numbers().subList(Math.max(0, there - 2), there)) {
        assertThat(opened.verify(opened.version(number))).isEmpty();
      }
      // Whoever was interrupted feeds again, and each lot is there once.
      next = there;
      RegistryWriter.feed(opened, Math.max(0, there - 1));
      RegistryWriter.feed(opened, next);
      next++;
      Version newest = opened.newest().orElseThrow();
      assertThat(newest.feeds()).hasSize(next);
      assertThat(keys(newest)).doesNotHaveDuplicates();
    }
  }

  /** The lots of a version, in the order of its feeds. */
  static List<String> keys(Version version) {
    return version.feeds().stream()
        .flatMap(feed -> feed.files().stream())
        .map(FedFile::sha256)
        .toList();
  }
}
