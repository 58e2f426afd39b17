package dev.zone.datasets.transform;

import dev.zone.conf.TransformSpec;
import dev.zone.conf.TransformSpec.Resize.Interpolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Learns transforms one after the other, each on what the ones before it give. */
final class Fitter {
  /** More distinct numbers than this are a measurement, not classes. */
  private static final int VALUES_LIMIT = 256;

  private final RowSource training;
  private final RowTargets targets;
  private final Report report;
  private final Shape in;
  private final List<Step> steps = new ArrayList<>();

  /** The transforms so far, and what comes out of them. */
  private Pipeline pipeline;

  private Shape shape;
  private Optional<Figures> known = Optional.empty();

  Fitter(Shape in, RowSource training, RowTargets targets, Report report) {
    this.in = in;
    this.training = training;
    this.targets = targets;
    this.report = report;
    pipeline = new Pipeline(in, List.of());
    shape = in;
  }

  Pipeline fit(List<TransformSpec> specs) {
    if (training.count() == 0) {
      report.add("Cannot fit transforms: no training examples (expected at least one)");
      return pipeline;
    }
    int before = report.problems().count();
    for (TransformSpec spec : specs) {
      // A step that cannot be fitted is left out, so that the others' problems show too.
      fit(spec).ifPresent(this::append);
    }
    if (shape.fields().isEmpty()) {
      report.add("Cannot use the input: no column is left (expected at least one)");
    } else if (report.problems().count() == before) {
      report.unusable(Figures.gaps(pipeline, training), shape);
    }
    return pipeline;
  }

  private void append(Step step) {
    steps.add(step);
    pipeline = new Pipeline(in, steps);
    shape = step.out();
    known = Optional.empty();
  }

  private Optional<Step> fit(TransformSpec spec) {
    if (spec instanceof TransformSpec.Scale scale) {
      return scale(scale);
    } else if (spec instanceof TransformSpec.Standardise) {
      return Optional.of(standardise());
    } else if (spec instanceof TransformSpec.MinMax minMax) {
      return minMax(minMax);
    } else if (spec instanceof TransformSpec.Impute impute) {
      return impute(impute);
    } else if (spec instanceof TransformSpec.MissingIndicator) {
      int[] missing = fields(figures()::isMissing);
      return missing.length == 0 ? Optional.empty() : Optional.of(Indicate.of(shape, missing));
    } else if (spec instanceof TransformSpec.Clip clip) {
      return clip(clip);
    } else if (spec instanceof TransformSpec.Log) {
      return Optional.of(new Logarithm(shape));
    } else if (spec instanceof TransformSpec.OneHot) {
      return oneHot();
    } else if (spec instanceof TransformSpec.Select select) {
      return select(select);
    } else if (spec instanceof TransformSpec.DropConstant) {
      return keep("dropConstant", fields(field -> !figures().moments().isConstant(field)));
    } else if (spec instanceof TransformSpec.Resize resize) {
      return resize(resize);
    } else if (spec instanceof TransformSpec.NormaliseEach) {
      return normaliseEach();
    } else if (spec instanceof TransformSpec.PiecewiseLinear piecewise) {
      return piecewiseLinear(piecewise.bins());
    }
    throw new IllegalArgumentException("no such transform: " + spec);
  }

  private Optional<Step> scale(TransformSpec.Scale spec) {
    if (spec.divideBy() == 0 || !Double.isFinite(1 / spec.divideBy())) {
      report.add("Cannot scale: divideBy " + spec.divideBy() + " (expected a number other than 0)");
      return Optional.empty();
    }
    Affine.Parts parts = new Affine.Parts(shape);
    for (int field : numbers()) {
      parts.set(field, spec.subtract(), 1 / spec.divideBy(), 0);
    }
    return Optional.of(parts.step("scale"));
  }

  private Step standardise() {
    Affine.Parts parts = new Affine.Parts(shape);
    Moments moments = figures().moments();
    for (int field : numbers()) {
      boolean constant = moments.isConstant(field);
      parts.set(field, moments.mean(field), constant ? 0 : reciprocal(moments.deviation(field)), 0);
    }
    return parts.step("standardise");
  }

  private Optional<Step> minMax(TransformSpec.MinMax spec) {
    if (!(spec.low() < spec.high())) {
      report.add(
          "Cannot move to a range: "
              + spec.low()
              + " to "
              + spec.high()
              + " (expected low < high)");
      return Optional.empty();
    }
    Affine.Parts parts = new Affine.Parts(shape);
    Moments moments = figures().moments();
    for (int field : numbers()) {
      double low = moments.count(field) == 0 ? 0 : moments.low(field);
      double range = moments.isConstant(field) ? 0 : moments.high(field) - low;
      double factor = range == 0 ? 0 : (spec.high() - spec.low()) / range;
      parts.set(field, low, factor, spec.low());
    }
    return Optional.of(parts.step("minMax"));
  }

  /** Deviations so small that 1 / x overflows are as good as none. */
  private static double reciprocal(double deviation) {
    return Double.isFinite(1 / deviation) ? 1 / deviation : 0;
  }

  private Optional<Step> impute(TransformSpec.Impute spec) {
    double[] values = new double[shape.fields().size()];
    // A category's code for missing; numbers' values are set below.
    Arrays.fill(values, -1);
    if (spec.strategy() == TransformSpec.Impute.Strategy.CONSTANT) {
      for (int field : numbers()) {
        values[field] = spec.value();
      }
      return Optional.of(new Fill(shape, values));
    }
    List<String> empty =
        Report.names(
            shape, field -> !shape.fields().get(field).isCategory() && figures().isEmpty(field));
    if (!empty.isEmpty()) {
      report.add(
          "Cannot impute the "
              + Json.word(spec.strategy())
              + ": no training value in "
              + Report.columns(empty)
              + " (expected at least one, a dropConstant before, or the strategy constant)");
      return Optional.empty();
    }
    if (spec.strategy() == TransformSpec.Impute.Strategy.MEAN) {
      for (int field : numbers()) {
        values[field] = figures().moments().mean(field);
      }
    } else {
      medians(values);
    }
    return Optional.of(new Fill(shape, values));
  }

  private void medians(double[] values) {
    int[] fields = numbers();
    int plane = shape.plane();
    // In groups, which bounds the memory: a field takes 32 KiB or less.
    int group = 512;
    for (int start = 0; start < fields.length; start += group) {
      int[] part = Arrays.copyOfRange(fields, start, Math.min(fields.length, start + group));
      Medians medians = new Medians(part.length);
      for (int pass = 0; pass < Medians.PASSES; pass++) {
        medians.begin();
        Rows.each(
            pipeline,
            training,
            (row, example) -> {
              for (int i = 0; i < part.length; i++) {
                for (int k = part[i] * plane; k < (part[i] + 1) * plane; k++) {
                  if (!Float.isNaN(example[k])) {
                    medians.add(i, example[k]);
                  }
                }
              }
            });
        medians.end();
      }
      for (int i = 0; i < part.length; i++) {
        values[part[i]] = medians.median(i);
      }
    }
  }

  private Optional<Step> clip(TransformSpec.Clip spec) {
    boolean bounds = spec.low().isPresent() || spec.high().isPresent();
    if (bounds == spec.sigmas().isPresent()) {
      report.add(
          "Cannot clip: "
              + (bounds ? "sigmas beside low or high" : "no bounds")
              + " (expected low, high or both, or sigmas)");
      return Optional.empty();
    }
    double low = spec.low().orElse(Double.NEGATIVE_INFINITY);
    double high = spec.high().orElse(Double.POSITIVE_INFINITY);
    if (!(low <= high)) {
      report.add("Cannot clip: low " + low + " with high " + high + " (expected low <= high)");
      return Optional.empty();
    }
    double[] lows = new double[shape.fields().size()];
    double[] highs = new double[shape.fields().size()];
    Arrays.fill(lows, Double.NEGATIVE_INFINITY);
    Arrays.fill(highs, Double.POSITIVE_INFINITY);
    for (int field : numbers()) {
      if (bounds) {
        lows[field] = low;
        highs[field] = high;
      } else if (!figures().isEmpty(field)) {
        double reach = spec.sigmas().get() * figures().moments().deviation(field);
        lows[field] = figures().moments().mean(field) - reach;
        highs[field] = figures().moments().mean(field) + reach;
      }
    }
    return Optional.of(new Clamp(shape, lows, highs));
  }

  /**
   * Encodes categories; where there are none, numbers of few values (an image's codes, a column of
   * classes written as numbers).
   */
  private Optional<Step> oneHot() {
    int fields = shape.fields().size();
    boolean[] encoded = new boolean[fields];
    int[] categories = fields(field -> shape.fields().get(field).isCategory());
    int[] chosen = categories.length > 0 ? categories : numbers();
    for (int field : chosen) {
      encoded[field] = true;
    }
    Distinct[] seen = distinct(chosen);
    List<String> many = new ArrayList<>();
    float[][] values = new float[fields][0];
    for (int i = 0; i < chosen.length; i++) {
      Field field = shape.fields().get(chosen[i]);
      if (!field.isCategory() && seen[i].count() > VALUES_LIMIT) {
        many.add(field.name());
      }
      values[chosen[i]] = seen[i].toArray();
    }
    if (!many.isEmpty()) {
      report.add(
          "Cannot encode one-hot: more than "
              + VALUES_LIMIT
              + " numbers in "
              + Report.columns(many)
              + " (expected categories, or numbers that stand for few classes)");
      return Optional.empty();
    }
    return Optional.of(Encode.of(shape, values, encoded));
  }

  /** Values of the fields in training; of numbers at most one more than the limit. */
  private Distinct[] distinct(int[] fields) {
    Distinct[] seen = new Distinct[fields.length];
    Arrays.setAll(seen, i -> new Distinct());
    int plane = shape.plane();
    Rows.each(
        pipeline,
        training,
        (row, example) -> {
          for (int i = 0; i < fields.length; i++) {
            boolean category = shape.fields().get(fields[i]).isCategory();
            float last = Float.NaN;
            for (int k = fields[i] * plane; k < (fields[i] + 1) * plane; k++) {
              // Neighbours are mostly equal.
              float value = example[k];
              if (value != last
                  && !Indicate.isMissing(value, category)
                  && (category || seen[i].count() <= VALUES_LIMIT)) {
                seen[i].add(value);
                last = value;
              }
            }
          }
        });
    return seen;
  }

  private Optional<Step> select(TransformSpec.Select spec) {
    if (refusesCategories("select columns")) {
      return Optional.empty();
    }
    boolean anova = spec.by() == TransformSpec.Select.By.ANOVA;
    if (anova && targets.classes() == 0) {
      report.add("Cannot select by anova: the target is a number (expected by: correlation)");
      return Optional.empty();
    }
    if (!anova && targets.classes() > 2) {
      report.add(
          "Cannot select by correlation: the label has "
              + targets.classes()
              + " classes (expected by: anova)");
      return Optional.empty();
    }
    double[] scores =
        anova
            ? Scores.anova(pipeline, training, targets)
            : Scores.correlation(pipeline, training, targets);
    return keep("select", Scores.best(scores, spec.top()));
  }

  private Optional<Step> resize(TransformSpec.Resize spec) {
    if (!shape.isImage()) {
      report.add(
          "Cannot resize: shape " + shape.dims() + " (expected images [channels, height, width])");
      return Optional.empty();
    }
    if (spec.interpolation() == Interpolation.BILINEAR && refusesCategories("resize bilinearly")) {
      return Optional.empty();
    }
    return Optional.of(Resample.of(shape, spec.height(), spec.width(), spec.interpolation()));
  }

  private Optional<Step> normaliseEach() {
    if (shape.dims().size() == 1) {
      report.add(
          "Cannot normalise each example: shape "
              + shape.dims()
              + " (expected images or windows; standardise is for single columns)");
      return Optional.empty();
    }
    return refusesCategories("normalise each example")
        ? Optional.empty()
        : Optional.of(new NormaliseEach(shape));
  }

  private Optional<Step> piecewiseLinear(int bins) {
    if (refusesCategories("cut into bins")) {
      return Optional.empty();
    }
    Moments moments = figures().moments();
    double[] lows = new double[shape.fields().size()];
    double[] widths = new double[lows.length];
    for (int field = 0; field < lows.length; field++) {
      lows[field] = moments.count(field) == 0 ? 0 : moments.low(field);
      widths[field] = moments.isConstant(field) ? 0 : (moments.high(field) - lows[field]) / bins;
    }
    return Optional.of(new Hinges(shape, bins, lows, widths));
  }

  private boolean refusesCategories(String verb) {
    List<String> names = Report.names(shape, field -> shape.fields().get(field).isCategory());
    if (!names.isEmpty()) {
      report.add(
          "Cannot "
              + verb
              + ": categories in "
              + Report.columns(names)
              + " (expected a oneHot transform before)");
    }
    return !names.isEmpty();
  }

  private Optional<Step> keep(String name, int[] fields) {
    return fields.length == shape.fields().size()
        ? Optional.empty()
        : Optional.of(Keep.of(name, shape, fields));
  }

  private int[] numbers() {
    return fields(field -> !shape.fields().get(field).isCategory());
  }

  private int[] fields(IntPredicate which) {
    return IntStream.range(0, shape.fields().size()).filter(which).toArray();
  }

  private Figures figures() {
    if (known.isEmpty()) {
      known = Optional.of(Figures.of(pipeline, training));
    }
    return known.get();
  }
}
