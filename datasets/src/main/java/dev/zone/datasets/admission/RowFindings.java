package dev.zone.datasets.admission;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.ColumnSpec.Role;
import dev.zone.conf.DatasetSpec;
import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.PreparedManifest.Finding;
import dev.zone.datasets.PreparedManifest.Finding.Severity;
import dev.zone.datasets.Table;
import dev.zone.datasets.profile.ColumnProfile;
import dev.zone.datasets.profile.Drift;
import dev.zone.datasets.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Looks at the rows that were admitted, before anybody trains on them. */
public final class RowFindings {
  /** The share of one value from which on a column is nearly constant. */
  static final double NEARLY_ALL = 0.999;

  private static final double MOSTLY = 0.5;
  private static final double RARE = 0.02;
  private static final double LOUD = 0.01;

  /** Beyond the exact count an estimate is off by about 1 %. */
  private static final double ESTIMATE = 0.05;

  /** Columns that a model sees. */
  private static final Set<Role> SEEN = Set.of(Role.INPUT, Role.LABEL);

  private RowFindings() {}

  /** The columns that a model would see: rows with the same ones are duplicates. */
  public static Map<String, Column> inputs(DatasetSpec descriptor, Map<String, Column> columns) {
    Map<String, Column> inputs = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          if (role(descriptor, name).equals(Optional.of(Role.INPUT))) {
            inputs.put(name, column);
          }
        });
    return inputs;
  }

  /** What a version's rows are like. */
  public static List<Finding> of(DatasetSpec descriptor, Profile profile) {
    List<Finding> findings = new ArrayList<>();
    duplicates(profile, findings);
    findings.addAll(SplitFindings.of(profile));
    groups(descriptor, findings);
    List<String> constant = new ArrayList<>();
    List<String> nearly = new ArrayList<>();
    List<String> hollow = new ArrayList<>();
    profile
        .columns()
        .forEach(
            (name, column) -> {
              Optional<Role> role = role(descriptor, name);
              if (role.equals(Optional.of(Role.LABEL))) {
                imbalance(name, column, findings);
              } else if (role.equals(Optional.of(Role.INPUT))) {
                double missing =
                    column.missing() / (double) Math.max(1, column.missing() + column.present());
                if (missing > MOSTLY) {
                  hollow.add(String.format(Locale.ROOT, "%s (%.0f %%)", name, 100 * missing));
                }
                if (column.kind() != ColumnProfile.Kind.ARRAY && column.present() > 0) {
                  double share = column.largestShare();
                  if (share == 1) {
                    constant.add(name);
                  } else if (share >= NEARLY_ALL) {
                    nearly.add(name);
                  }
                }
              }
            });
    add(findings, "mostly-missing", Severity.WARNING, "More than half is missing in ", hollow);
    add(findings, "constant-columns", Severity.INFO, "One value only in ", constant);
    add(
        findings,
        "nearly-constant-columns",
        Severity.INFO,
        "One value in at least 99.9 % of the rows in ",
        nearly);
    return findings;
  }

  private static void add(
      List<Finding> findings, String check, Severity severity, String text, List<String> names) {
    if (!names.isEmpty()) {
      findings.add(new Finding(check, severity, text + Wording.listed(names)));
    }
  }

  private static Optional<Role> role(DatasetSpec descriptor, String name) {
    return descriptor.column(name).map(ColumnSpec::role);
  }

  /** Whether a model sees the column, as an input or as what it is to learn. */
  public static boolean isSeen(DatasetSpec descriptor, String column) {
    return role(descriptor, column).filter(SEEN::contains).isPresent();
  }

  private static void duplicates(Profile profile, List<Finding> findings) {
    long distinct = profile.distinct().estimate();
    long repeated = profile.rows() - distinct;
    boolean exact = profile.distinct().isExact();
    double share = repeated / (double) Math.max(1, profile.rows());
    if (repeated > 0 && (exact || share > ESTIMATE)) {
      findings.add(
          new Finding(
              "duplicates",
              share >= LOUD ? Severity.WARNING : Severity.INFO,
              (exact ? "" : "About ")
                  + Wording.share(repeated, profile.rows(), "rows")
                  + " repeat the inputs of another one: a split by chance puts the same into training and test"));
    }
  }

  private static void groups(DatasetSpec descriptor, List<Finding> findings) {
    List<String> groups =
        descriptor.columns().entrySet().stream()
            .filter(each -> each.getValue().role() == Role.GROUP)
            .map(Map.Entry::getKey)
            .toList();
    boolean drawn = descriptor.split().validation() + descriptor.split().test() > 0;
    if (drawn
        && !groups.isEmpty()
        && descriptor.split().group().isEmpty()
        && descriptor.split().time().isEmpty()) {
      findings.add(
          new Finding(
              "group-leakage",
              Severity.WARNING,
              "Rows are drawn one by one, so that rows of one '%s' may be in several splits (expected split: {group: %s})"
                  .formatted(groups.get(0), groups.get(0))));
    }
  }

  private static void imbalance(String name, ColumnProfile label, List<Finding> findings) {
    List<String> rare = new ArrayList<>();
    label
        .texts()
        .forEach(
            (text, count) -> {
              if (count < RARE * label.present()) {
                rare.add(String.format(Locale.ROOT, "%s %,d", text, count));
              }
            });
    if (!rare.isEmpty()) {
      findings.add(
          new Finding(
              "class-imbalance",
              Severity.INFO,
              String.format(
                  Locale.ROOT,
                  "Of %,d rows few are %s %s: accuracy alone says little of them",
                  label.present(),
                  name,
                  Wording.listed(rare))));
    }
  }

  /**
   * Columns of the inputs that alone tell the label.
   *
   * @param sample of the rows
   */
  public static List<Finding> giveaways(DatasetSpec descriptor, Table sample) {
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<String, Column> label : sample.columns().entrySet()) {
      if (role(descriptor, label.getKey()).equals(Optional.of(Role.LABEL))) {
        List<String> telling = telling(descriptor, sample, label.getValue());
        add(
            findings,
            "label-giveaway",
            Severity.WARNING,
            "Is it known when a prediction is made? The label %s is given away by "
                .formatted(label.getKey()),
            telling);
      }
    }
    return findings;
  }

  private static List<String> telling(DatasetSpec descriptor, Table sample, Column label) {
    int[] rows =
        IntStream.range(0, sample.rows()).filter(row -> !GroupIds.isMissing(label, row)).toArray();
    int classes = label instanceof CodedColumn coded ? coded.values().size() : 0;
    Giveaway giveaway = new Giveaway(rows, row -> ColumnFindings.value(label, row), classes);
    List<String> telling = new ArrayList<>();
    sample
        .columns()
        .forEach(
            (name, column) -> {
              if (role(descriptor, name).equals(Optional.of(Role.INPUT))) {
                giveaway.score(column).ifPresent(score -> telling.add(name + " (" + score + ")"));
              }
            });
    return telling;
  }

  /**
   * Which inputs and labels moved from some rows to others.
   *
   * @param since what the first rows are, in words
   */
  public static List<Finding> drift(
      DatasetSpec descriptor, Profile first, Profile second, String since) {
    List<String> moved = new ArrayList<>();
    boolean[] far = new boolean[1];
    Drift.between(first, second)
        .forEach(
            (name, drift) -> {
              if (isSeen(descriptor, name) && drift.verdict() != Drift.Verdict.SAME) {
                far[0] |= drift.verdict() == Drift.Verdict.FAR;
                moved.add(
                    String.format(
                        Locale.ROOT,
                        "%s (PSI %.2f%s)",
                        name,
                        drift.psi(),
                        drift
                            .ks()
                            .map(ks -> String.format(Locale.ROOT, ", KS %.2f", ks))
                            .orElse("")));
              }
            });
    List<Finding> findings = new ArrayList<>();
    add(
        findings,
        "drift",
        far[0] ? Severity.WARNING : Severity.INFO,
        "Since %s values moved in ".formatted(since),
        moved);
    return findings;
  }
}
