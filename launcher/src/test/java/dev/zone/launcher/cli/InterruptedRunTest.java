package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, sent to a launcher in a process of its own. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedRunTest {
  @TempDir private Path folder;
  private Sandbox sandbox;
  private Process launcher;
  private BufferedReader out;

  @BeforeEach
  void place() {
    sandbox = new Sandbox(folder);
  }

  @AfterEach
  void end() {
    if (launcher != null) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
    }
  }

  /** Starts a run and waits until its first epoch is shown. */
  private void startTraining(String behaviour) throws IOException {
    launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SandboxProcess.class.getName(),
                folder.toString(),
                behaviour,
                "run",
                "tiny.yaml")
            .redirectErrorStream(true)
            .start();
    out =
        new BufferedReader(
            new java.io.InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8));
    readUntil("epoch 1/2: loss");
  }

  private void readUntil(String words) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      read.append(line).append('\n');
      if (line.contains(words)) {
        return;
      }
    }
    throw new AssertionError("the launcher ended before it said '" + words + "':\n" + read);
  }

  /**
   * SIGTERM, which takes Ctrl-C's way: where the tests run in the background SIGINT may be ignored,
   * and a JVM that was started so never hears of it.
   */
  private void interrupt() throws IOException, InterruptedException {
    int exitCode =
        new ProcessBuilder("kill", "-TERM", Long.toString(launcher.pid())).start().waitFor();
    assertThat(exitCode).isZero();
  }

  private String rest() throws IOException {
    return String.join("\n", out.lines().toList());
  }

  @Test
  void stopsCleanlyAndSaysWhereTheLastCheckpointIs() throws Exception {
    startTraining("wait");

    interrupt();

    String rest = rest();
    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(130);
    assertThat(rest)
        .contains("zone: stopping after the step at work; Ctrl-C again kills the run")
        .contains(
            "zone: CANCELLED: "
                + sandbox.onlyRun()
                + ", last checkpoint "
                + sandbox.onlyRun().resolve("checkpoints").resolve("step-2"))
        .contains("zone: go on with: zone resume " + sandbox.onlyRun().getFileName());
    assertThat(Files.readString(sandbox.onlyRun().resolve("state.json"))).contains("CANCELLED");
  }

  @Test
  void killsAnApplicationThatDoesNotListen() throws Exception {
    startTraining("deaf");
    interrupt();
    readUntil("zone: stopping");
    List<ProcessHandle> applications = launcher.children().toList();
    assertThat(applications).hasSize(1);

    interrupt();

    assertThat(rest()).contains("zone: killed").contains("zone: CANCELLED: ");
    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(130);
    assertThat(applications.get(0).onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    assertThat(Files.readString(sandbox.onlyRun().resolve("state.json"))).contains("CANCELLED");
  }
}
