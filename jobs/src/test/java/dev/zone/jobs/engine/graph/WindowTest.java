package dev.zone.jobs.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final Shape IMAGE = Shape.of(3, 7, 6);

  private static Window same(int kernel, int stride, int dilation) {
    return Window.same(
        IMAGE, List.of(kernel, kernel), List.of(stride, stride), List.of(dilation, dilation));
  }

  @Test
  void padsSoThatAsManyPlacesComeOutAsStridesFitIn() {
    assertThat(same(3, 1, 1).output(IMAGE, 5)).isEqualTo(Shape.of(5, 7, 6));
    assertThat(same(3, 2, 1).output(IMAGE, 5)).isEqualTo(Shape.of(5, 4, 3));
    assertThat(same(1, 3, 1).output(IMAGE, 5)).isEqualTo(Shape.of(5, 3, 2));
    assertThat(same(3, 1, 2).output(IMAGE, 5)).isEqualTo(Shape.of(5, 7, 6));
  }

  @Test
  void padsTheOddPlaceAfter() {
    Window window = same(2, 1, 1);
    assertThat(window.before()).containsExactly(0, 0);
    assertThat(window.after()).containsExactly(1, 1);
  }

  @Test
  void leavesOutWhatNoStrideReaches() {
    Window window =
        Window.padded(
            IMAGE, List.of(2, 2), List.of(2, 2), List.of(1, 1), Window.Padding.both(List.of(0, 0)));
    assertThat(window.output(IMAGE, 3)).isEqualTo(Shape.of(3, 3, 3));
    assertThat(window.after()).containsExactly(0, 0);
  }

  @Test
  void seesOnlyThePast() {
    Shape series = Shape.of(3, 8);
    Window causal =
        Window.padded(
            series, List.of(3), List.of(1), List.of(2), new Window.Padding(List.of(4), List.of(0)));
    assertThat(causal.output(series, 2)).isEqualTo(Shape.of(2, 8));
    assertThat(causal.after()).containsExactly(0);
  }

  @Test
  void looksAtAllPlacesAtOnce() {
    assertThat(Window.whole(IMAGE).output(IMAGE, 3)).isEqualTo(Shape.of(3, 1, 1));
  }
}
