package dev.zone.datasets.prepare;

import com.google.gson.GsonBuilder;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.PreparedManifest;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.admission.CapFindings;
import dev.zone.datasets.admission.ClassFindings;
import dev.zone.datasets.admission.ColumnFindings;
import dev.zone.datasets.admission.Duplicates;
import dev.zone.datasets.admission.GroupFindings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Writes a folder of prepared data and says what is remarkable in it. */
final class PreparedWriter {
  private final Assembly assembly;
  private final Path folder;
  private final Problems problems;
  private final Duplicates duplicates = new Duplicates();
  private final Map<Split, Long> targetCounts = new EnumMap<>(Split.class);
  private final Map<Split, List<Long>> classCounts = new EnumMap<>(Split.class);

  PreparedWriter(Assembly assembly, Path folder, Problems problems) {
    this.assembly = assembly;
    this.folder = folder;
    this.problems = problems;
  }

  /**
   * @return whether the folder is to be kept: there were no problems
   */
  boolean write(String datasetDigest, String key) throws IOException {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "zone-prepare");
              thread.setDaemon(true);
              return thread;
            });
    try {
      for (Map.Entry<Split, Examples> each : assembly.examples().entrySet()) {
        write(each.getKey(), each.getValue(), executor);
      }
    } finally {
      executor.shutdown();
    }
    if (!problems.isEmpty()) {
      return false;
    }
    OriginFiles.writeSources(folder, assembly.table().origins());
    Files.writeString(
        folder.resolve(PreparedData.TRANSFORMS),
        new GsonBuilder()
            .disableHtmlEscaping()
            .create()
            .toJson(TransformsJson.write(assembly.job(), assembly.inputs(), assembly.labels())));
    // Last: its presence says that the rest is there.
    Files.writeString(
        folder.resolve(PreparedData.MANIFEST),
        new GsonBuilder()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .create()
            .toJson(manifest(datasetDigest, key)));
    return true;
  }

  private void write(Split split, Examples examples, ExecutorService executor) throws IOException {
    SplitWriter writer = new SplitWriter(folder, split, examples, assembly.table(), problems);
    for (int i = 0; i < assembly.inputs().size(); i++) {
      writer.writeInput(i, assembly.inputs().get(i), executor);
    }
    writer.finish();
    for (ModelInput input : assembly.inputs()) {
      if (input.window().map(ModelInput.Window::masked).orElse(false)) {
        writer.writePadding(input.window().orElseThrow());
      }
    }
    float[] firsts = new float[examples.size()];
    TargetWriter targets =
        new TargetWriter(assembly.labels(), split, examples, assembly.job().windows());
    targets.write(folder, firsts);
    targetCounts.put(split, targets.count());
    classCounts.put(split, targets.classCounts());
    OriginFiles.write(
        folder.resolve(PreparedData.originFile(split)), examples, assembly.table().origins());
    duplicates.add(split, writer.hashes(), firsts);
  }

  private PreparedManifest manifest(String datasetDigest, String key) {
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    assembly.examples().forEach((split, examples) -> counts.put(split, examples.size()));
    return new PreparedManifest(
        assembly.dataset().name().toString(),
        datasetDigest,
        assembly.dataset().isGenerated(),
        key,
        assembly.inputs().stream().map(ModelInput::describe).toList(),
        assembly.labels().classes(),
        assembly.labels().width(),
        assembly.targetSteps(),
        counts,
        targetCounts,
        classCounts,
        findings());
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(duplicates.findings());
    for (String group : assembly.groups()) {
      assembly
          .table()
          .column(group)
          .ifPresent(
              column ->
                  findings.addAll(
                      GroupFindings.of(
                          group, GroupIds.of(assembly.table(), column), assembly.splits())));
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    assembly.columns().forEach(each -> columns.put(each.name(), each.column()));
    Labels labels = assembly.labels();
    if (labels.width() == 1) {
      findings.addAll(
          ColumnFindings.of(
              columns,
              assembly.examples().get(Split.TRAIN).order(),
              row -> labels.value(row, 0),
              labels.classCount()));
      if (!labels.isRegression()) {
        findings.addAll(ClassFindings.of(labels.classes(), classCounts));
      }
    }
    Examples tests = assembly.examples().get(Split.TEST);
    if (labels.isRegression() && tests != null) {
      // Every target that counts is some row's; windows that overlap repeat rows, not findings.
      int[] rows = assembly.targetSteps() > 1 ? tests.order() : tests.rows();
      long above = IntStream.of(rows).filter(row -> labels.value(row, 0) > labels.cap()).count();
      findings.addAll(CapFindings.of(labels.cap(), (int) above, rows.length));
    }
    findings.sort(Comparator.comparing(Finding::severity));
    return findings;
  }
}
