package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransformsDiffTest {
  private static final String TRANSFORMS =
      """
      {'dataset': 'chip/a', 'classes': ['good', 'bad'],
       'inputs': [{'name': 'features', 'shape': [2], 'parts': [
         {'columns': ['a', 'b'], 'transforms': {'steps': [
           {'step': 'standardise', 'subtract': [1.5, 2.0], 'factor': [0.5, 0.25]},
           {'step': 'clip', 'low': -3.0, 'high': 3.0}]}}]}]}
      """;

  private static JsonObject json(String text) {
    return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
  }

  private static List<String> diff(String what, String by) {
    assertThat(TRANSFORMS).contains(what);
    return TransformsDiff.of(json(TRANSFORMS), json(TRANSFORMS.replace(what, by)));
  }

  @Test
  void findsNothingInEqualTransformsOfTwoDatasets() {
    assertThat(diff("chip/a", "chip/b")).isEmpty();
  }

  @Test
  void namesThePlacesAndShortValues() {
    assertThat(diff("-3.0", "-5.0"))
        .containsExactly(
            "inputs.features.parts.1.transforms.steps.clip.low (-3.0 there, -5.0 here)");
    assertThat(diff("[1.5, 2.0]", "[1.5, 2.5]"))
        .containsExactly(
            "inputs.features.parts.1.transforms.steps.standardise.subtract ([1.5,2.0] there,"
                + " [1.5,2.5] here)");
    assertThat(diff("'classes': ['good', 'bad'],", "")).containsExactly("classes (only there)");
    assertThat(diff("{'step': 'clip', 'low': -3.0, 'high': 3.0}", "{'step': 'log'}"))
        .contains(
            "inputs.features.parts.1.transforms.steps.clip.step (\"clip\" there, \"log\" here)");
  }

  @Test
  void leavesOutLongValuesAndCountsWhatIsTooMuch() {
    String columns = "['a', 'b']";
    assertThat(diff(columns, "['a', 'a name that is much longer than anybody would like to read']"))
        .containsExactly("inputs.features.parts.1.columns");
    assertThat(TransformsDiff.of(json("{'a':1,'b':1,'c':1,'d':1,'e':1,'f':1,'g':1}"), json("{}")))
        .hasSize(6)
        .endsWith("2 more");
  }
}
