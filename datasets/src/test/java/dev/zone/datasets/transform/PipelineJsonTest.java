package dev.zone.datasets.transform;

import static dev.zone.datasets.transform.Data.impute;
import static dev.zone.datasets.transform.Data.row;
import static dev.zone.datasets.transform.Data.sigmas;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.TransformSpec;
import dev.zone.conf.TransformSpec.Impute.Strategy;
import dev.zone.conf.TransformSpec.Resize.Interpolation;
import dev.zone.conf.TransformSpec.Select.By;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.SeededRandom;
import dev.zone.datasets.transform.Data.Labels;
import dev.zone.datasets.transform.Data.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineJsonTest {
  private static final String HEAD = "{'format':'zone-transforms','version':1,";
  private static final String INPUT = "'input':{'shape':[1],'fields':[{'name':'a'}]},";

  @Test
  void givesIdenticalBitsAfterARoundTrip() {
    for (long seed = 0; seed < 20; seed++) {
      SeededRandom random = new SeededRandom(seed);
      Lines rows = mixed(random);
      Labels labels = new Labels(2, IntStream.range(0, 80).mapToDouble(i -> i % 2).toArray());
      Pipeline fitted = Data.fit(shape(), rows, labels, tabular(random));
      Pipeline read = Pipeline.fromJson(parse(fitted.toJson().toString()));
      assertThat(read.toJson()).isEqualTo(fitted.toJson());
      assertThat(read.out()).isEqualTo(fitted.out());
      assertSameBits(fitted, read, rows);
    }
  }

  @Test
  void givesIdenticalBitsForImagesToo() {
    Shape maps = Shape.image(List.of(Field.number("map"), Field.number("depth")), 5, 4);
    SeededRandom random = new SeededRandom(5);
    float[][] lines = new float[30][40];
    for (float[] line : lines) {
      for (int i = 0; i < 40; i++) {
        line[i] = random.nextInt(3);
      }
    }
    Lines rows = new Lines(lines);
    Pipeline fitted =
        Data.fit(
            maps,
            rows,
            new TransformSpec.OneHot(),
            new TransformSpec.Resize(7, 3, Interpolation.BILINEAR),
            new TransformSpec.DropConstant(),
            new TransformSpec.PiecewiseLinear(3),
            new TransformSpec.Resize(3, 3, Interpolation.NEAREST),
            new TransformSpec.NormaliseEach());
    Pipeline read = Pipeline.fromJson(parse(fitted.toJson().toString()));
    assertThat(read.out().dims()).containsExactly(24, 3, 3);
    assertSameBits(fitted, read, rows);
  }

  private static void assertSameBits(Pipeline a, Pipeline b, Lines rows) {
    float[] first = new float[a.out().elements()];
    float[] second = new float[b.out().elements()];
    for (float[] line : rows.lines()) {
      a.apply(line, first);
      b.apply(line, second);
      for (int i = 0; i < first.length; i++) {
        assertThat(Float.floatToRawIntBits(second[i])).isEqualTo(Float.floatToRawIntBits(first[i]));
      }
    }
  }

  private static Shape shape() {
    return Shape.features(
        List.of(
            Field.number("a"),
            new Field("kind", List.of("x", "y", "ü\"\n")),
            Field.number("b"),
            Field.number("c")));
  }

  private static Lines mixed(SeededRandom random) {
    float[][] lines = new float[80][];
    for (int i = 0; i < lines.length; i++) {
      double a = random.nextDouble() < 0.1 ? Float.NaN : random.nextGaussian() * 1e-7;
      lines[i] =
          row(a, random.nextInt(4) - 1, random.nextGaussian() * 1e9, 1 / random.nextDouble());
    }
    return new Lines(lines);
  }

  /** Some of the transforms, in a random order that can be fitted. */
  private static TransformSpec[] tabular(SeededRandom random) {
    List<TransformSpec> specs = new ArrayList<>();
    specs.add(new TransformSpec.MissingIndicator());
    specs.add(impute(random.nextBoolean() ? Strategy.MEAN : Strategy.MEDIAN, 0));
    List<TransformSpec> any =
        new ArrayList<>(
            List.of(
                new TransformSpec.Log(),
                new TransformSpec.Standardise(),
                new TransformSpec.MinMax(-0.1, 1.7),
                new TransformSpec.Scale(3, 0.1),
                sigmas(1.3),
                new TransformSpec.Clip(Optional.of(-1e3), Optional.empty(), Optional.empty())));
    while (!any.isEmpty()) {
      specs.add(any.remove(random.nextInt(any.size())));
    }
    specs.add(new TransformSpec.OneHot());
    specs.add(new TransformSpec.Select(4, By.ANOVA));
    return specs.toArray(TransformSpec[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                              | no 'format' (expected one)
          {'format':'pickle'}                             | format 'pickle' (expected zone-transforms)
          {'format':7}                                    | 'format' (expected a text)
          {'format':'zone-transforms','version':2}        | number 2 (expected a whole one from 1 to 1)
          HEAD 'input':[]}                                | 'input' (expected an object)
          HEAD 'input':{'shape':[2],'fields':[]}}         | 0 fields (expected 2)
          HEAD 'input':{'shape':[],'fields':[]}}          | 0 dimensions (expected 1 to 3)
          HEAD 'input':{'shape':[-1],'fields':[]}}        | number -1 (expected a whole one from 1 to 268435456)
          HEAD 'input':{'shape':[1,99999,99999],'fields':[{'name':'a'}]}} | shape [1, 99999, 99999] (expected 1 to 268435456 values)
          HEAD INPUT 'steps':{}}                          | 'steps' (expected an array)
          HEAD INPUT 'steps':[7]}                         | a step (expected an object)
          HEAD INPUT 'steps':[{'step':'standardize'}]}    | step 'standardize' (expected one of scale, standardise, minMax, impute, missingIndicator, clip, log, oneHot, select, dropConstant, resize, normaliseEach, piecewiseLinear, did you mean 'standardise'?)
          HEAD INPUT 'steps':[{'step':'java.lang.Runtime'}]} | step 'java.lang.Runtime' (expected one of scale, standardise, minMax, impute, missingIndicator, clip, log, oneHot, select, dropConstant, resize, normaliseEach, piecewiseLinear)
          HEAD INPUT 'steps':[{'step':'impute'}]}         | no 'values' (expected one)
          HEAD INPUT 'steps':[{'step':'impute','values':[1,2]}]}   | 2 values in 'values' (expected 1)
          HEAD INPUT 'steps':[{'step':'impute','values':['1']}]}   | value "1" (expected a number)
          HEAD INPUT 'steps':[{'step':'impute','values':[1e999]}]} | value 1e999 (expected a finite number)
          HEAD INPUT 'steps':[{'step':'select','columns':[1]}]}    | number 1 (expected a whole one from 0 to 0)
          HEAD INPUT 'steps':[{'step':'select','columns':[0,0]}]}  | column 0 (expected ascending columns)
          HEAD INPUT 'steps':[{'step':'select','columns':[]}]}     | shape [0] (expected 1 to 268435456 values)
          HEAD INPUT 'steps':[{'step':'oneHot','values':[7]}]}     | values (expected an array)
          HEAD INPUT 'steps':[{'step':'oneHot','values':[[0.1]]}]} | value 0.1 (expected single-precision numbers in ascending order)
          HEAD INPUT 'steps':[{'step':'resize','height':1,'width':1,'interpolation':'nearest'}]} | resize of shape [1] (expected [channels, height, width])
          """)
  void refusesWhatItDidNotWrite(String json, String message) {
    assertThatThrownBy(() -> Pipeline.fromJson(parse(json)))
        .isInstanceOfSatisfying(
            ZoneException.class, problem -> assertThat(problem.kind()).isEqualTo(ErrorKind.USER))
        .hasMessage("Cannot read transforms: " + message);
  }

  @Test
  void refusesACodeOutsideTheCategories() {
    String json =
        HEAD
            + "'input':{'shape':[1],'fields':[{'name':'a','categories':['x']}]},"
            + "'steps':[{'step':'oneHot','values':[[1]]}]}";
    assertThatThrownBy(() -> Pipeline.fromJson(parse(json)))
        .hasMessage("Cannot read transforms: code 1.0 (expected a category's, 0 to 0)");
  }

  @Test
  void refusesAnUnknownInterpolation() {
    String json =
        HEAD
            + "'input':{'shape':[1,2,2],'fields':[{'name':'a'}]},"
            + "'steps':[{'step':'resize','height':1,'width':1,'interpolation':'bilinaer'}]}";
    assertThatThrownBy(() -> Pipeline.fromJson(parse(json)))
        .hasMessage(
            "Cannot read transforms: interpolation 'bilinaer' (expected one of nearest, bilinear,"
                + " did you mean 'bilinear'?)");
  }

  private static JsonObject parse(String json) {
    return JsonParser.parseString(json.replace("HEAD ", HEAD).replace("INPUT ", INPUT))
        .getAsJsonObject();
  }
}
