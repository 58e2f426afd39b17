package dev.zone.launcher.fake;

import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.datasets.record.Launches;
import dev.zone.datasets.record.StateLog;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for the Spark application at the process boundary: writes the contract's files as the
 * real one does, and fails in the ways that are hard to bring about there. Arguments: behaviour,
 * {@code run}, {@code resume} or {@code check}, the run's folder.
 */
public final class FakeApplication {
  private static final int STEPS = 4;
  private static final long LOOK_EVERY_NS = 20_000_000L;

  private final String behaviour;
  private final Path starting;
  private Path folder;

  private FakeApplication(String behaviour, Path starting) {
    this.behaviour = behaviour;
    this.starting = starting;
    this.folder = starting;
  }

  /**
   * Behaviours: succeed, refuse, crash-starting, crash-training, fail-input, fail-training, wait,
   * deaf, silent.
   */
  public static void main(String[] arguments) throws IOException {
    FakeApplication application = new FakeApplication(arguments[0], Path.of(arguments[2]));
    System.out.println("fake application: " + String.join(" ", arguments));
    if (arguments.length > 3 && !application.claim(Integer.parseInt(arguments[3]))) {
      System.exit(0);
    }
    System.exit(
        switch (arguments[1]) {
          case "check" -> application.check();
          case "resume" -> application.resume();
          default -> application.run();
        });
  }

  /** As a cluster's application does: one of a launch works, and gives signs of life. */
  private boolean claim(int launch) {
    Launches launches = new Launches(Storage.local(folder));
    JsonObject who = new JsonObject();
    who.addProperty("pid", ProcessHandle.current().pid());
    if (!launches.claim(launch, who)) {
      return false;
    }
    Thread beats =
        new Thread(
            () -> {
              for (int count = 1; true; count++) {
                JsonObject sign = new JsonObject();
                sign.addProperty("count", count);
                launches.beat(launch, sign);
                LockSupport.parkNanos(1_000_000_000L);
              }
            });
    beats.setDaemon(true);
    beats.start();
    return true;
  }

  private int check() throws IOException {
    if (behaviour.equals("refuse")) {
      return refuse();
    }
    write(
        "check.json",
        """
        {"parameters":54321,"engine":"onednn (all 2 layers)","graph":"%0 = input 0","stepsPerEpoch":12,"memoryPerWorker":734003200,
         "examples":{"train":1500,"validation":200,"test":300},
         "layers":[{"name":"layer0","type":"ConvolutionLayer","output":[8,32,32],"parameters":80},
                   {"name":"layer1","type":"OutputLayer","output":[9],"parameters":585}],
         "findings":[{"check":"imbalance","severity":"WARNING","message":"Near-full: 4 of 1500"}]}
        """);
    return 0;
  }

  /** Goes on from the newest checkpoint, or from the start. */
  private int resume() throws IOException {
    lock();
    if (behaviour.equals("crash-starting")) {
      System.out.println("the last words of a resumption");
      Runtime.getRuntime().halt(137);
    }
    state("STARTING");
    state("PREPARING");
    state("TRAINING");
    int from = Files.isDirectory(folder.resolve("checkpoints").resolve("step-2")) ? 2 : 0;
    append(
        "events.jsonl",
        "{'time':'','event':'resume','message':'going on from step " + from + ", attempt 2'}");
    noteOtherWorkers();
    append(
        "metrics.jsonl",
        "{'type':'resume','fold':1,'epoch':"
            + (from / 2 + 1)
            + ",'step':"
            + from
            + ",'attempt':2}");
    return train(from);
  }

  /** The checkpoint is of the first plan. */
  private void noteOtherWorkers() throws IOException {
    if (Files.exists(folder.resolve("plan.1.yaml"))) {
      String before = workers("plan.1.yaml");
      String now = workers("plan.yaml");
      if (!now.equals(before)) {
        append(
            "events.jsonl",
            "{'time':'','event':'note','message':'goes on with "
                + now
                + " workers instead of "
                + before
                + "'}");
      }
    }
  }

  private String workers(String plan) throws IOException {
    return Files.readAllLines(folder.resolve(plan)).stream()
        .filter(line -> line.startsWith("workers: "))
        .findFirst()
        .orElseThrow()
        .substring("workers: ".length());
  }

  /** As long as this process lives; the descriptor is never closed. */
  private void lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("run.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      throw new IOException("the run is locked");
    }
  }

  private int run() throws IOException {
    lock();
    state("STARTING");
    if (behaviour.equals("refuse")) {
      return refuse();
    }
    if (behaviour.equals("crash-starting")) {
      System.out.println("the last words of a start");
      Runtime.getRuntime().halt(137);
    }
    state("PREPARING");
    publish();
    state("TRAINING");
    append(
        "metrics.jsonl",
        "{'type':'start','epochs':2,'stepsPerEpoch':2,'examples':128,'parameters':54321,"
            + "'workers':2,'folds':1}");
    return train(0);
  }

  private int train(int from) throws IOException {
    for (int step = from + 1; step <= STEPS; step++) {
      step(step);
      if (step == 2 && !behaviour.equals("succeed") && !behaviour.equals("silent")) {
        return stop();
      }
    }
    state("EVALUATING");
    return behaviour.equals("silent") ? 0 : succeed();
  }

  private void step(int step) throws IOException {
    int epoch = (step + 1) / 2;
    append(
        "metrics.jsonl",
        String.format(
            Locale.ROOT,
            "{'type':'step','fold':1,'epoch':%d,'step':%d,'loss':%.2f,'examplesPerSecond':2500.0,"
                + "'seconds':%d.0}",
            epoch,
            step,
            1.0 / step,
            step));
    if (step % 2 == 0) {
      Files.createDirectories(folder.resolve("checkpoints").resolve("step-" + step));
      append(
          "metrics.jsonl",
          String.format(
              Locale.ROOT,
              "{'type':'epoch','fold':1,'epoch':%d,'step':%d,'loss':%.2f,'learningRate':0.001,"
                  + "'seconds':%d.0,'examplesPerSecond':2480.0,"
                  + "'validation':{'loss':0.38,'accuracy':0.9300,'macroF1':0.81},'best':true}",
              epoch,
              step,
              1.0 / step,
              step));
    }
  }

  private int stop() throws IOException {
    switch (behaviour) {
      case "crash-training" -> {
        System.out.println("the last words of a training");
        Runtime.getRuntime().halt(139);
      }
      case "fail-input" -> {
        state("FAILED");
        return error("USER", "Cannot train: the loss is not a number", 2);
      }
      case "fail-training" -> {
        state("FAILED");
        return error("ENVIRONMENT", "Cannot write the checkpoint: No space left on device", 4);
      }
      default -> waitForCancel();
    }
    state("CANCELLED");
    return error("CANCELLED", "The run was cancelled", 130);
  }

  private void waitForCancel() throws IOException {
    while (behaviour.equals("deaf") || !Files.exists(folder.resolve("cancel"))) {
      LockSupport.parkNanos(LOOK_EVERY_NS);
    }
  }

  private int succeed() throws IOException {
    Files.createDirectories(folder.resolve("model"));
    Files.writeString(folder.resolve("report.html"), "<html></html>");
    write(
        "data.json",
        "{\"findings\":[{\"check\":\"imbalance\",\"severity\":\"WARNING\","
            + "\"message\":\"Near-full: 4 of 1500\"}]}");
    write(
        "result.json",
        """
        {"run":"%s","state":"SUCCEEDED","dir":"%s",
         "dataset":{"name":"chip/tiny","digest":"abc","generated":true},
         "workers":2,"epochs":2,"steps":4,"examplesPerSecond":2490.5,
         "seconds":{"data":0.5,"train":2.0,"evaluate":0.25},
         "metrics":{"test":{"accuracy":0.9512,"macroF1":0.8611},"validation":{"accuracy":0.953}},
         "attempts":%d,"modelDigest":"deadbeef"}
        """
            .formatted(folder.getFileName(), folder, attempts()));
    state("SUCCEEDED");
    return 0;
  }

  private long attempts() throws IOException {
    return 1
        + Files.readAllLines(folder.resolve("metrics.jsonl")).stream()
            .filter(line -> line.contains("\"resume\""))
            .count();
  }

  private int refuse() throws IOException {
    return error(
        "USER", "job.yaml:3:8: Cannot use the column: mapp\\njob.yaml:4:1: and another problem", 2);
  }

  private int error(String kind, String message, int exitCode) throws IOException {
    write(
        "error.json",
        "{\"kind\":\"%s\",\"message\":\"%s\",\"trace\":\"at a.place(Somewhere.java:1)\"}"
            .formatted(kind, message));
    return exitCode;
  }

  private void publish() throws IOException {
    if (!starting.getFileName().toString().startsWith(".")) {
      return;
    }
    Path published =
        starting.resolveSibling(starting.getFileName().toString().substring(".starting-".length()));
    Files.move(starting, published, StandardCopyOption.ATOMIC_MOVE);
    folder = published;
  }

  private void state(String state) {
    StateLog states = new StateLog(Storage.local(folder));
    if (states.newest().map(newest -> !newest.state().name().equals(state)).orElse(true)) {
      states.advance(RunState.valueOf(state), "", Instant.now());
    }
  }

  private void append(String name, String json) throws IOException {
    Files.writeString(
        folder.resolve(name),
        json.replace('\'', '"') + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void write(String name, String text) throws IOException {
    Path next = folder.resolve("." + name);
    Files.writeString(next, text);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
