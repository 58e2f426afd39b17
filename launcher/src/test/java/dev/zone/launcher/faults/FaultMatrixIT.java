package dev.zone.launcher.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import dev.zone.launcher.cluster.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault on a real cluster of a master and two workers, each executor a process with one rank:
 * without retries the run fails in time and names the cause; with them it ends with the very bytes
 * of an undisturbed run.
 *
 * <p>{@code -Dzone.faults.third=0|1|2} takes a third of the faults, {@code
 * -Dzone.faults.only=NAME,NAME} those named, {@code -Dzone.faults.seed=N} repeats the moments at
 * which they strike.
 */
@Tag("faults")
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultMatrixIT {
  private static final int DEADLINE_SECONDS = 5;
  private static final int EVERY_STEPS = 10;
  private static final int EPOCHS = 8;

  /** With 50 ms on every piece that travels. */
  private static final int EPOCHS_WHEN_SLOW = 1;

  private static final int WORKERS = 2;
  private static final int STRANGERS = 10_000;

  /** The evaluation takes half a second: on a busy machine it may be over before it is hit. */
  private static final int MOST_TRIES = 3;

  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Path distribution = Path.of(System.getProperty("zone.distribution"));
  private final Path folder =
      Path.of(System.getProperty("zone.distribution")).resolveSibling("faults");
  private final long seed = Long.getLong("zone.faults.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Matrix matrix = new Matrix();
  private final Map<Integer, String> undisturbed = new HashMap<>();
  private SparkCluster cluster;
  private LinkProxy[] proxies = {};

  @BeforeAll
  void start() throws Exception {
    System.out.println("Seed of the moments at which faults strike: " + seed);
    delete(folder);
    cluster = SparkCluster.start(distribution, folder.resolve("cluster"), WORKERS, 2);
  }

  @AfterAll
  void stop() throws IOException {
    cluster.close();
    System.out.println(matrix.text());
    Files.writeString(folder.resolve("table.md"), matrix.text());
  }

  static Stream<Arguments> cases() {
    List<String> only = List.of(System.getProperty("zone.faults.only", "").split(","));
    List<Arguments> cases = new ArrayList<>();
    for (Fault fault : Fault.ofThird(Integer.getInteger("zone.faults.third", -1))) {
      if (!only.contains("") && !only.contains(fault.name())) {
        continue;
      }
      if (fault.name().startsWith("CHECKPOINT") || fault == Fault.DRIVER_KILLED) {
        cases.add(Arguments.of(fault, "resume"));
      } else {
        cases.add(Arguments.of(fault, "off"));
        if (fault.isFatal()) {
          cases.add(Arguments.of(fault, "on"));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}, retries {1}")
  @MethodSource("cases")
  void survives(Fault fault, String retries) throws Exception {
    long began = System.nanoTime();
    Path own = folder.resolve(fault + "-" + retries);
    boolean disk = fault == Fault.DISK_FULL || fault == Fault.DISK_READ_ONLY;
    assumeTrue(!disk || Disk.isPossible(own.resolve("try")), "this user may not mount");
    int epochs = fault == Fault.LOSSY ? EPOCHS_WHEN_SLOW : EPOCHS;
    String expected = undisturbed(epochs);
    boolean again = true;
    for (int tries = 1; again; tries++) {
      try (Scene scene = new Scene(fault, retries, own, epochs)) {
        scene.play();
        again = tries < MOST_TRIES && scene.cameTooLate();
        if (!again) {
          matrix.add(scene.row(expected, (System.nanoTime() - began) / 1e9));
        }
      }
      delete(own);
    }
  }

  private String undisturbed(int epochs) throws Exception {
    if (!undisturbed.containsKey(epochs)) {
      Path own = folder.resolve("undisturbed-" + epochs);
      try (RunUnderTest run = begin(own, epochs, List.of("--set", "retry.maxAttempts=1"))) {
        RunUnderTest.Ended ended = run.end(LIMIT);
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        undisturbed.put(epochs, ended.json().get("modelDigest").getAsString());
      }
      settle();
    }
    return undisturbed.get(epochs);
  }

  private RunUnderTest begin(Path own, int epochs, List<String> more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                distribution.resolve("jobs/chip/demo.yaml").toString(),
                "-o",
                "json",
                "--master",
                cluster.url(),
                "--set",
                "training.epochs=" + epochs,
                // The slower one: a run has to last until its fault.
                "--set",
                "training.engine=dl4j",
                "--set",
                "training.checkpoint={everySteps: " + EVERY_STEPS + ", keep: 3}",
                "--set",
                "resources.perWorker.memory=1g",
                "--set",
                "retry.backoffSeconds=0.2"));
    arguments.addAll(more);
    return RunUnderTest.start(distribution, own, cluster.driverEnvironment(), arguments);
  }

  /** Waits until nothing of the last run is left on the workers. */
  private void settle() throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    for (int worker = 0; worker < WORKERS; worker++) {
      ProcessHandle daemon = ProcessHandle.of(cluster.worker(worker).pid()).orElseThrow();
      while (daemon.descendants().findAny().isPresent()) {
        if (System.nanoTime() > until) {
          throw new IOException("Cannot see the end of the executors of worker " + worker);
        }
        LockSupport.parkNanos(20_000_000L);
      }
    }
  }

  /** One run, one fault. */
  private final class Scene implements AutoCloseable {
    private final Fault fault;
    private final boolean retries;
    private final boolean resume;
    private final Path own;
    private final int epochs;
    private final List<AutoCloseable> cleanUp = new ArrayList<>();
    private Optional<Disk> disk = Optional.empty();
    private Set<Integer> portsBefore = new HashSet<>();
    private RunUnderTest run;
    private RunUnderTest.Ended ended;
    private Instant struck = Instant.EPOCH;

    Scene(Fault fault, String retries, Path own, int epochs) {
      this.fault = fault;
      this.retries = retries.equals("on");
      this.resume = retries.equals("resume");
      this.own = own;
      this.epochs = epochs;
    }

    void play() throws Exception {
      prepare();
      run = begin(own, epochs, settings());
      cleanUp.add(run);
      strike();
      if (fault.isFatal() && retries) {
        run.await("the attempt's failure", () -> !failures().isEmpty() || cameTooLate());
        heal();
      }
      ended = run.end(LIMIT);
      if (!retries) {
        heal();
      }
      if (resume) {
        goOn();
      }
    }

    /** Whether the run was over before the fault could hit what it was meant for. */
    boolean cameTooLate() throws IOException, InterruptedException {
      return fault == Fault.EXECUTOR_KILLED_EVALUATING
          && failures().isEmpty()
          && !run.isAtWork()
          && run.end(LIMIT).exitCode() == 0;
    }

    private List<String> settings() {
      List<String> settings = new ArrayList<>();
      settings.add("--set");
      settings.add("retry.maxAttempts=" + (retries ? 3 : 1));
      settings.add("--set");
      settings.add("resources.deadlineSeconds=" + deadlineSeconds());
      disk.ifPresent(
          some -> {
            settings.add("--set");
            settings.add(
                "training.checkpoint.folder="
                    + some.folder()
                        .toUri()
                        .toString()
                        .replace("file:/", "file:///")
                        .replace("file://///", "file:///"));
          });
      return settings;
    }

    private int deadlineSeconds() {
      return switch (fault) {
        // Ten thousand strangers take their time on two cores.
        case HOSTILE -> 120;
        // A full heap is collected again and again before it is said to be full: seconds in which
        // the rank does not answer, though not for want of being there.
        case HEAP_EXHAUSTED, NATIVE_EXHAUSTED -> 30;
        default -> DEADLINE_SECONDS;
      };
    }

    private void prepare() throws Exception {
      boolean proxied =
          Set.of(
                  Fault.EXECUTOR_KILLED_MEETING,
                  Fault.CONNECTION_CUT,
                  Fault.CONNECTION_REFUSED,
                  Fault.HALF_OPEN,
                  Fault.LOSSY,
                  Fault.HOSTILE)
              .contains(fault);
      if (proxied) {
        proxies = new LinkProxy[WORKERS];
        for (int worker = 0; worker < WORKERS; worker++) {
          String between = "127.0.1." + (10 + worker);
          proxies[worker] = new LinkProxy(between, SparkCluster.address(worker), seed + worker);
          cleanUp.add(proxies[worker]);
          Map<Integer, String> addresses = new HashMap<>();
          for (int other = 0; other < WORKERS; other++) {
            addresses.put(
                other, other == worker ? SparkCluster.address(other) : "127.0.1." + (10 + other));
          }
          cluster.connect(worker, addresses);
          int which = worker;
          cleanUp.add(() -> cluster.connectDirectly(which, WORKERS));
        }
        if (Set.of(Fault.CONNECTION_REFUSED, Fault.HOSTILE, Fault.EXECUTOR_KILLED_MEETING)
            .contains(fault)) {
          setAll(LinkProxy.Mode.REFUSE);
        }
        if (fault == Fault.LOSSY) {
          setAll(LinkProxy.Mode.LOSSY);
        }
      }
      for (int worker = 0; worker < WORKERS; worker++) {
        portsBefore.addAll(LinkProxy.listening(SparkCluster.address(worker)));
      }
      if (fault == Fault.DISK_FULL || fault == Fault.DISK_READ_ONLY) {
        disk = Optional.of(Disk.mount(own.resolve("disk")));
        cleanUp.add(disk.get());
      }
    }

    private void setAll(LinkProxy.Mode mode) throws IOException {
      for (LinkProxy proxy : proxies) {
        proxy.set(mode);
      }
    }

    private void strike() throws Exception {
      int step = 25 + random.nextInt(100);
      switch (fault) {
        case LOSSY -> run.await("a step", () -> run.step() > 0);
        case CONNECTION_REFUSED, EXECUTOR_KILLED_MEETING -> awaitPorts();
        case HOSTILE -> flood();
        case EXECUTOR_KILLED_EVALUATING -> run.await("the last epoch", this::isLastEpoch);
        case EXECUTOR_KILLED_SAVING -> {
          run.await("a checkpoint", () -> !run.checkpoints().isEmpty());
          awaitSaving();
        }
        default ->
            run.await(
                "step " + step + " and two checkpoints",
                () -> run.step() >= step && run.checkpoints().size() >= 2);
      }
      struck = Instant.now();
      switch (fault) {
        case EXECUTOR_KILLED -> kill(run.pid(1, 1));
        case EXECUTOR_KILLED_EVALUATING ->
            ProcessHandle.of(run.pid(1, 1)).ifPresent(ProcessHandle::destroyForcibly);
        case EXECUTOR_KILLED_MEETING ->
            ProcessHandle.of(cluster.worker(1).pid())
                .orElseThrow()
                .descendants()
                .forEach(ProcessHandle::destroyForcibly);
        case EXECUTOR_KILLED_SAVING -> kill(run.pid(1, 0));
        case WORKER_KILLED -> cluster.worker(random.nextInt(WORKERS)).kill();
        case DRIVER_KILLED, CHECKPOINT_TRUNCATED, CHECKPOINT_FLIPPED, CHECKPOINT_DELETED ->
            run.driver().destroyForcibly();
        case MASTER_RESTARTED -> {
          cluster.master().killAlone();
          cluster.startMaster();
        }
        case RANK_FROZEN -> {
          long pid = run.pid(1, 1);
          cleanUp.add(() -> Signals.goOn(pid));
          Signals.stop(pid);
        }
        case CONNECTION_CUT -> {
          for (LinkProxy proxy : proxies) {
            proxy.cut();
          }
        }
        case HALF_OPEN -> setAll(LinkProxy.Mode.BLACKHOLE);
        case DISK_FULL -> disk.orElseThrow().fill();
        case DISK_READ_ONLY -> disk.orElseThrow().makeReadOnly();
        case HEAP_EXHAUSTED -> Memory.exhaust(run.pid(1, 1), "heap", folder);
        case NATIVE_EXHAUSTED -> Memory.exhaust(run.pid(1, 1), "native", folder);
        case CONNECTION_REFUSED, LOSSY, HOSTILE -> {
          // At work since before the run.
        }
      }
    }

    private void heal() throws Exception {
      switch (fault) {
        case RANK_FROZEN -> Signals.goOn(run.pid(1, 1));
        case CONNECTION_REFUSED, EXECUTOR_KILLED_MEETING, HALF_OPEN -> setAll(LinkProxy.Mode.PASS);
        case DISK_FULL -> disk.orElseThrow().empty();
        case DISK_READ_ONLY -> disk.orElseThrow().makeWritable();
        default -> {
          // What is gone is gone.
        }
      }
    }

    private void goOn() throws Exception {
      settle();
      Path run0 = run.folder().orElseThrow();
      damage(run0.resolve("checkpoints"));
      RunUnderTest resumed =
          RunUnderTest.start(
              distribution,
              own,
              cluster.driverEnvironment(),
              List.of("resume", run0.getFileName().toString(), "-o", "json"));
      cleanUp.add(resumed);
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
      assertThat(ended.err()).containsPattern(Fault.DRIVER_KILLED.cause()).contains("zone resume");
      ended = resumed.end(LIMIT);
    }

    private void damage(Path checkpoints) throws IOException {
      Path newest;
      try (Stream<Path> all = Files.list(checkpoints)) {
        newest =
            all.filter(path -> path.getFileName().toString().startsWith("step-"))
                .max(Comparator.comparing(Path::toString))
                .orElseThrow();
      }
      Path file = newest.resolve("updater.f32");
      byte[] bytes = Files.readAllBytes(file);
      switch (fault) {
        case CHECKPOINT_TRUNCATED ->
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        case CHECKPOINT_FLIPPED -> {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, bytes);
        }
        case CHECKPOINT_DELETED -> delete(newest);
        default -> {
          // The driver was killed, the disk is well.
        }
      }
    }

    private boolean isLastEpoch() throws IOException {
      return run.lines("metrics.jsonl").stream()
          .anyMatch(
              line ->
                  line.get("type").getAsString().equals("epoch")
                      && line.get("epoch").getAsInt() == epochs);
    }

    private void awaitSaving() throws IOException, InterruptedException {
      Path checkpoints = run.folder().orElseThrow().resolve("checkpoints");
      run.await(
          "a checkpoint being written",
          () -> {
            // Looks again and again within one turn: the writing takes a moment only.
            for (int i = 0; i < 2000; i++) {
              String[] names = checkpoints.toFile().list();
              for (String name : names == null ? new String[0] : names) {
                if (name.startsWith(".")) {
                  return true;
                }
              }
            }
            return false;
          });
    }

    /** The moment at which the ranks begin to meet. */
    private Set<Integer> awaitPorts() throws IOException, InterruptedException {
      Set<Integer> ports = new HashSet<>();
      run.await(
          "the ranks' ports",
          () -> {
            for (int worker = 0; worker < WORKERS; worker++) {
              ports.addAll(LinkProxy.listening(SparkCluster.address(worker)));
            }
            ports.removeAll(portsBefore);
            // Of each executor: Spark's own and the ring's.
            return ports.size() >= 2 * WORKERS;
          });
      return ports;
    }

    /** Strangers while the ranks wait for each other, and while they train. */
    private void flood() throws Exception {
      Flood flood = new Flood(seed);
      Set<Integer> ports = awaitPorts();
      int accepted = 0;
      for (int worker = 0; worker < WORKERS; worker++) {
        String address = SparkCluster.address(worker);
        Set<Integer> own0 = LinkProxy.listening(address);
        own0.retainAll(ports);
        accepted += flood.connect(address, own0, STRANGERS / WORKERS / own0.size());
      }
      assertThat(accepted).isGreaterThan(STRANGERS * 9 / 10);
      long before = resident();
      setAll(LinkProxy.Mode.PASS);
      run.await("steps", () -> run.step() > 20);
      for (int worker = 0; worker < WORKERS; worker++) {
        flood.connect(SparkCluster.address(worker), ports, 200);
      }
      assertThat(resident() - before).as("KiB").isLessThan(512 << 10);
    }

    /** KiB that the two executors hold. */
    private long resident() throws IOException {
      long sum = 0;
      for (int worker = 0; worker < WORKERS; worker++) {
        for (ProcessHandle executor :
            ProcessHandle.of(cluster.worker(worker).pid()).orElseThrow().descendants().toList()) {
          for (String line : Files.readAllLines(Path.of("/proc/" + executor.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
              sum += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
          }
        }
      }
      return sum;
    }

    private void kill(long pid) {
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private List<JsonObject> failures() throws IOException {
      return run.lines("attempts.jsonl").stream()
          .filter(line -> line.get("outcome").getAsString().equals("FAILED"))
          .toList();
    }

    Matrix.Row row(String expected, double seconds) throws IOException {
      List<JsonObject> failures = failures();
      double detected =
          failures.isEmpty()
              ? Double.NaN
              : Duration.between(struck, Instant.parse(failures.get(0).get("ended").getAsString()))
                      .toMillis()
                  / 1000.0;
      List<JsonObject> resumes =
          run.lines("metrics.jsonl").stream()
              .filter(line -> line.get("type").getAsString().equals("resume"))
              .toList();
      int resumedStep = resumes.isEmpty() ? -1 : resumes.get(0).get("step").getAsInt();
      int lost =
          resumedStep < 0 || failures.isEmpty() || !failures.get(0).has("step")
              ? -1
              : failures.get(0).get("step").getAsInt() - resumedStep;
      String digest = "-";
      boolean mustEndWell = retries || resume || !fault.isFatal();
      if (mustEndWell) {
        assertThat(ended.exitCode()).as("%s%n%s", ended.out(), ended.err()).isZero();
        digest = ended.json().get("modelDigest").getAsString().equals(expected) ? "yes" : "NO";
      }
      matrixChecks(detected, lost, digest, resumes);
      return new Matrix.Row(
          fault.words(),
          resume ? "resume" : retries ? "on" : "off",
          detected,
          resumedStep,
          lost,
          digest,
          seconds);
    }

    private void matrixChecks(double detected, int lost, String digest, List<JsonObject> resumes)
        throws IOException {
      if (retries || resume || !fault.isFatal()) {
        assertThat(digest).isEqualTo("yes");
      } else {
        assertThat(ended.exitCode()).as(ended.err()).isIn(3, 4);
        assertThat(ended.err()).containsPattern("(?s)" + fault.cause());
      }
      if (!fault.isFatal() && !resume) {
        assertThat(ended.json().get("attempts").getAsInt()).isEqualTo(1);
      }
      if (fault.isFatal() && !resume) {
        assertThat(detected).isLessThan(deadlineSeconds() + 5.0);
      }
      if (retries && fault != Fault.CONNECTION_REFUSED) {
        assertThat(resumes).isNotEmpty();
        // What is done while a checkpoint is written is done again too.
        assertThat(lost).isLessThanOrEqualTo(2 * EVERY_STEPS);
      }
      if (fault.name().startsWith("CHECKPOINT") && fault != Fault.CHECKPOINT_DELETED) {
        assertThat(run.lines("events.jsonl").toString()).contains("the one before is used");
      }
    }

    @Override
    public void close() throws Exception {
      for (int i = cleanUp.size() - 1; i >= 0; i--) {
        cleanUp.get(i).close();
      }
      for (int worker = 0; worker < WORKERS; worker++) {
        if (!cluster.worker(worker).isAlive()) {
          cluster.startWorker(worker);
        }
      }
      settle();
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
