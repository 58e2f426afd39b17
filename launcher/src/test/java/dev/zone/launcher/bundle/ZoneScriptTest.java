package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code zone} of the repository, in a clone whose Maven is a double. */
@Timeout(60)
class ZoneScriptTest {
  /** Stands in for Maven: counts its calls and makes a distribution that says its arguments. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo called >> "$ZONE_TEST/calls"
      if [ -e "$ZONE_TEST/broken" ]; then
        echo "[INFO] compiling"
        echo "[ERROR] Somewhere.java:[3,1] it does not compile"
        exit 1
      fi
      while [ -e "$ZONE_TEST/hold" ]; do :; done
      mkdir -p launcher/target/zone/bin launcher/target/zone/lib/jobs
      echo jar > launcher/target/zone/lib/jobs/zone-jobs-1.jar
      printf '#!/bin/sh\\necho "started in $(pwd) with: $*"\\n' > launcher/target/zone/bin/zone
      chmod +x launcher/target/zone/bin/zone
      """;

  @TempDir private Path folder;
  private Path clone;
  private final Map<String, String> environment = new HashMap<>();

  private record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void cloneTheRepository() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    clone = folder.resolve("a clone");
    executable("zone", Files.readString(root.resolve("zone")));
    write(
        "launcher/src/main/scripts/find-java.sh",
        Files.readString(root.resolve("launcher/src/main/scripts/find-java.sh")));
    for (String module :
        List.of("", "conf/", "datasets/", "jobs/", "launcher/", "launcher/spark-home/")) {
      write(module + "pom.xml", "<project/>");
    }
    for (String module : List.of("conf", "datasets", "jobs", "launcher")) {
      write(module + "/src/main/java/A.java", "class A {}");
    }
    write(".mvn/jvm.config", "");
    write("jobs/chip/demo.yaml", "name: demo");
    executable("../tools/mvn", MAVEN);
    environment.put("ZONE_TEST", folder.toString());
    environment.put("PATH", folder.resolve("tools") + ":/usr/bin:/bin");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  private void write(String name, String text) throws IOException {
    Path file = clone.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void executable(String name, String text) throws IOException {
    write(name, text);
    Files.setPosixFilePermissions(
        clone.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(Path script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ended end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, err);
  }

  private Ended zone(String... arguments) throws IOException, InterruptedException {
    return end(start(clone.resolve("zone"), arguments));
  }

  private int builds() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }

  @Test
  void buildsOnFirstUseOnlyAndRunsInTheCallersFolder() throws Exception {
    Ended first = zone("run", "a job.yaml", "--workers", "2");
    Ended second = zone("version");

    assertThat(first.exitCode()).isZero();
    assertThat(first.err())
        .isEqualTo(
            "zone: building (the first time fetches the libraries, which takes minutes) ...\n");
    assertThat(first.out())
        .isEqualTo("started in " + folder.toRealPath() + " with: run a job.yaml --workers 2\n");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).endsWith("with: version\n");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainWhenSourcesOrPomsChange() throws Exception {
    zone("version");
    write("datasets/src/main/java/A.java", "class A { int changed; }");
    zone("version");
    assertThat(builds()).isEqualTo(2);

    Files.delete(clone.resolve("conf/src/main/java/A.java"));
    zone("version");
    assertThat(builds()).isEqualTo(3);

    write("jobs/pom.xml", "<project><!-- changed --></project>");
    zone("version");
    assertThat(builds()).isEqualTo(4);
  }

  @Test
  void buildsNothingForAChangedJobOrTest() throws Exception {
    zone("version");
    write("jobs/chip/demo.yaml", "name: other");
    write("jobs/src/test/java/ATest.java", "class ATest {}");

    zone("version");

    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void startsThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("z"), Path.of("a clone", "zone"));

    Ended ended = end(start(link, "version"));

    assertThat(ended.out()).endsWith("with: version\n");
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Path hold = Files.createFile(folder.resolve("hold"));
    Process first = start(clone.resolve("zone"), "first");
    firstErrorLine(
        first, "zone: building (the first time fetches the libraries, which takes minutes) ...");
    Process second = start(clone.resolve("zone"), "second");
    firstErrorLine(second, "zone: waiting for another build ...");

    Files.delete(hold);

    assertThat(end(first).out()).endsWith("with: first\n");
    assertThat(end(second).out()).endsWith("with: second\n");
    assertThat(builds()).isEqualTo(1);
  }

  /** Waits for the line; closes nothing, as the process goes on. */
  private static void firstErrorLine(Process process, String expected) throws IOException {
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    assertThat(err.readLine()).isEqualTo(expected);
  }

  @Test
  void showsWhyABuildFailedAndTriesAgain() throws Exception {
    Path broken = Files.createFile(folder.resolve("broken"));

    Ended ended = zone("version");

    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains(
            "zone: Cannot build Zone; the end of " + clone.toRealPath().resolve(".zone/build.log"))
        .contains("[ERROR] Somewhere.java:[3,1] it does not compile");

    Files.delete(broken);
    assertThat(zone("version").exitCode()).isZero();
  }

  @Test
  void keepsThreeBuilds() throws Exception {
    for (int i = 0; i < 5; i++) {
      write("jobs/pom.xml", "<project><!-- " + i + " --></project>");
      zone("version");
    }

    try (Stream<Path> builds = Files.list(clone.resolve(".zone/builds"))) {
      assertThat(builds).hasSize(3);
    }
  }

  @Test
  void saysThatJavaIsMissing() throws Exception {
    environment.remove("JAVA_HOME");
    Path tools = onlyShellTools();
    environment.put("PATH", tools.toString());

    Ended ended = zone("version");

    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .isEqualTo(
            "zone: Cannot find Java (expected a JDK 17 or newer on the PATH or in JAVA_HOME; on"
                + " Debian or Ubuntu: apt install openjdk-17-jdk-headless)\n");
  }

  @Test
  void saysThatJavaIsTooOld() throws Exception {
    executable("../old/bin/java", "#!/bin/sh\nexit 1\n");
    write("../old/release", "JAVA_VERSION=\"11.0.2\"\n");
    Path old = folder.resolve("old");
    environment.put("JAVA_HOME", old.toString());

    Ended ended = zone("version");

    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .isEqualTo(
            "zone: Cannot use Java 11 at "
                + old.resolve("bin/java")
                + " (expected a JDK 17 or newer; JAVA_HOME may name another)\n");
  }

  @Test
  void saysThatJavaHomeIsWrong() throws Exception {
    environment.put("JAVA_HOME", "/nowhere");

    Ended ended = zone("version");

    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .isEqualTo(
            "zone: Cannot find Java: JAVA_HOME is /nowhere, which has no bin/java (expected the"
                + " folder of a JDK 17 or newer)\n");
  }

  @Test
  void saysThatMavenIsMissing() throws Exception {
    environment.put("PATH", onlyShellTools().toString());

    Ended ended = zone("version");

    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .isEqualTo(
            "zone: Cannot build Zone: Maven is not on the PATH (expected Maven 3.8 or newer; on"
                + " Debian or Ubuntu: apt install maven)\n");
  }

  @Test
  void saysThatTheCompilerIsMissing() throws Exception {
    executable("../runtime/bin/java", "#!/bin/sh\nexit 1\n");
    write("../runtime/release", "JAVA_VERSION=\"17.0.2\"\n");
    environment.put("JAVA_HOME", folder.resolve("runtime").toString());

    Ended ended = zone("version");

    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .startsWith("zone: Cannot build Zone: there is no compiler beside ")
        .contains("(expected a JDK 17 or newer, not only its runtime;");
  }

  /** A folder that leads to what the script itself needs, without Java and Maven. */
  private Path onlyShellTools() throws IOException {
    Path tools = folder.resolve("shell");
    for (String tool :
        List.of(
            "sh",
            "find",
            "sort",
            "tr",
            "xargs",
            "cksum",
            "sha256sum",
            "cut",
            "dirname",
            "readlink",
            "sed",
            "head",
            "mkdir",
            "flock",
            "cat",
            "rm",
            "cp",
            "mv",
            "ls",
            "tail",
            "grep")) {
      for (String place : List.of("/usr/bin/", "/bin/")) {
        Path real = Path.of(place + tool);
        if (Files.exists(real)) {
          executable("../shell/" + tool, "#!/bin/sh\nexec " + real + " \"$@\"\n");
          break;
        }
      }
    }
    return tools;
  }
}
