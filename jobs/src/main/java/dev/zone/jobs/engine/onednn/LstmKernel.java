package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Operation;
import dev.zone.jobs.engine.graph.Slice;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lstm_backward;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.memory;

/** An LSTM over windows: whole ones without a state before the first step, or pieces with one. */
final class LstmKernel {
  private static final int GATES = 4;

  /** Where oneDNN's gates i, f, a, o lie among the flat vectors' a, f, o, i. */
  private static final int[] PLACES = {3, 1, 0, 2};

  private static final dnnl.rnn_direction FORWARD = dnnl.rnn_direction.unidirectional_left2right;

  private final Compilation plan;
  private final int node;
  private final int input;
  private final Operation.Lstm lstm;
  private final Steps before;
  private final Steps after;
  private final memory.data_type type;
  private final Layouts values;

  /** Those of the gradients. */
  private final Layouts gradients;

  private final memory.desc nothing;

  /** Layouts of values, or of the gradients by them. */
  private record Layouts(
      memory.desc source,
      memory.desc result,
      memory.desc inputWeights,
      memory.desc recurrentWeights,
      memory.desc bias,
      memory.desc state,
      memory.desc cells) {}

  /** What the way back needs: also the state before the first step. */
  private record Kept(Tensor source, Tensor noState, Tensor noCells, Tensor result) {}

  /** Weights with the gates in oneDNN's order. */
  private record Weights(Tensor input, Tensor recurrent, Tensor bias) {}

  LstmKernel(Compilation plan, int node, Operation.Lstm lstm) {
    this.plan = plan;
    this.node = node;
    this.input = plan.node(node).inputs().get(0);
    this.lstm = lstm;
    this.before = new Steps(plan, input);
    this.after = new Steps(plan, node);
    // What is carried from piece to piece is float32.
    this.type = plan.inPieces() ? memory.data_type.f32 : plan.valueType();
    this.values = layouts(type);
    this.gradients = layouts(memory.data_type.f32);
    this.nothing = plan.own(new memory.desc());
  }

  private Layouts layouts(memory.data_type of) {
    long units = lstm.units();
    long[] state = {1, 1, plan.examples(node), units};
    return new Layouts(
        before.recurrentLayout(of),
        after.recurrentLayout(of),
        plan.any(of, 1, 1, columns(), GATES, units),
        plan.any(of, 1, 1, units, GATES, units),
        plan.layout(memory.format_tag.ldgo, 1, 1, GATES, units),
        plan.strided(of, state, Strides.rowMajor(state)),
        plan.plain(state));
  }

  private int columns() {
    return plan.node(input).shape().axis(0);
  }

  /**
   * A whole window's values are computed as they are derived, without a state before them. A
   * piece's are computed with the state in which the last left the layer, and derived as if there
   * were none: so does DL4J.
   */
  void compile() {
    Weights weights = weights();
    Tensor source =
        plan.viewed(plan.inLayout(plan.output(input), before.layout(type)), values.source);
    if (plan.inPieces()) {
      plan.setOutput(node, plan.viewed(withState(source, weights), after.layout(type)));
      plan.onTheWayBack(node, () -> withoutState(source, weights).back.run());
      return;
    }
    Stateless whole = withoutState(source, weights);
    plan.setOutput(node, plan.viewed(whole.result, after.layout(type)));
    plan.onTheWayBack(node, whole.back);
  }

  /**
   * A pass that begins without state.
   *
   * @param back appends its way back
   */
  private record Stateless(Tensor result, Runnable back) {}

  private Stateless withoutState(Tensor source, Weights weights) {
    lstm_forward.primitive_desc description = forward(plan.pass(), nothing, nothing);
    Kept own =
        new Kept(
            source,
            plan.allocateApart(values.state),
            plan.allocateApart(values.cells),
            plan.allocate(values.result));
    Compilation.Call call =
        withWeights(
            withArguments(plan.execute("lstm", plan.own(new lstm_forward(description))), own),
            weights,
            description);
    Runnable back = () -> {};
    if (plan.training()) {
      Tensor kept = plan.allocateApart(plan.own(description.workspace_desc()));
      call.with(dnnl.DNNL_ARG_WORKSPACE, kept);
      back = () -> back(description, weights, own, kept);
    }
    call.with(dnnl.DNNL_ARG_BIAS, weights.bias).append();
    return new Stateless(own.result, back);
  }

  private Tensor withState(Tensor source, Weights weights) {
    lstm_forward.primitive_desc description =
        forward(dnnl.prop_kind.forward_inference, values.state, values.cells);
    State state =
        new State(
            plan.allocateApart(values.state),
            plan.allocateApart(values.cells),
            plan.allocateApart(values.state),
            plan.allocateApart(values.cells));
    plan.setState(node, state);
    Tensor result = plan.allocate(values.result);
    Compilation.Call call =
        plan.execute("lstm with state", plan.own(new lstm_forward(description)))
            .with(dnnl.DNNL_ARG_SRC_LAYER, source)
            .with(dnnl.DNNL_ARG_SRC_ITER, state.first())
            .with(dnnl.DNNL_ARG_SRC_ITER_C, state.firstCells())
            .with(dnnl.DNNL_ARG_DST_LAYER, result)
            .with(dnnl.DNNL_ARG_DST_ITER, state.last())
            .with(dnnl.DNNL_ARG_DST_ITER_C, state.lastCells())
            .with(dnnl.DNNL_ARG_BIAS, weights.bias);
    withWeights(call, weights, description).append();
    return result;
  }

  private lstm_forward.primitive_desc forward(
      dnnl.prop_kind pass, memory.desc state, memory.desc cells) {
    return plan.own(
        new lstm_forward.primitive_desc(
            plan.processor(),
            pass,
            FORWARD,
            values.source,
            values.state,
            values.cells,
            values.inputWeights,
            values.recurrentWeights,
            values.bias,
            values.result,
            state,
            cells));
  }

  private Compilation.Call withWeights(
      Compilation.Call call, Weights weights, lstm_forward.primitive_desc description) {
    return call.with(
            dnnl.DNNL_ARG_WEIGHTS_LAYER,
            plan.inLayout(weights.input, plan.own(description.weights_layer_desc())))
        .with(
            dnnl.DNNL_ARG_WEIGHTS_ITER,
            plan.inLayout(weights.recurrent, plan.own(description.weights_iter_desc())));
  }

  /** What both passes are given. */
  private static Compilation.Call withArguments(Compilation.Call call, Kept own) {
    return call.with(dnnl.DNNL_ARG_SRC_LAYER, own.source)
        .with(dnnl.DNNL_ARG_SRC_ITER, own.noState)
        .with(dnnl.DNNL_ARG_SRC_ITER_C, own.noCells)
        .with(dnnl.DNNL_ARG_DST_LAYER, own.result);
  }

  private Weights weights() {
    long units = lstm.units();
    Tensor fromInput =
        plan.allocate(plan.layout(memory.format_tag.ldgoi, 1, 1, columns(), GATES, units));
    Tensor recurrent =
        plan.allocate(plan.layout(memory.format_tag.ldgoi, 1, 1, units, GATES, units));
    Tensor bias = plan.allocate(values.bias);
    take(lstm.inputWeights(), fromInput);
    take(lstm.recurrentWeights(), recurrent);
    take(lstm.bias(), bias);
    return new Weights(fromInput, recurrent, bias);
  }

  /** Appends bringing parameters into oneDNN's order of gates. */
  private void take(Slice slice, Tensor weights) {
    FloatBuffer parameters = plan.vectors().parameters();
    FloatBuffer values = Floats.of(weights);
    eachGate("gates", slice, (flat, own, size) -> Floats.move(parameters, flat, values, own, size));
  }

  /** Appends bringing gradients into the flat vector's order of gates. */
  private void give(Tensor weights, Slice slice) {
    FloatBuffer gradient = plan.vectors().gradient();
    FloatBuffer values = Floats.of(weights);
    eachGate(
        "gates back", slice, (flat, own, size) -> Floats.move(values, own, gradient, flat, size));
  }

  /** What is done for a gate, which begins at a place of the flat vector and one of oneDNN's. */
  @FunctionalInterface
  private interface OfGate {
    void move(int flat, int own, int size);
  }

  private void eachGate(String name, Slice slice, OfGate move) {
    int size = slice.length() / GATES;
    plan.append(
        name,
        () -> {
          for (int i = 0; i < GATES; i++) {
            move.move(slice.from() + PLACES[i] * size, i * size, size);
          }
        });
  }

  private void back(
      lstm_forward.primitive_desc forward, Weights weights, Kept own, Tensor workspace) {
    lstm_backward.primitive_desc description = backward(forward);
    Tensor inputWeights = cleared(description.diff_weights_layer_desc());
    Tensor recurrentWeights = cleared(description.diff_weights_iter_desc());
    Tensor bias = cleared(gradients.bias);
    Tensor sourceBack = plan.allocate(gradients.source);
    Tensor gradient = plan.viewed(after.of(plan.gradient(node)), gradients.result);
    withArguments(plan.execute("lstm back", plan.own(new lstm_backward(description))), own)
        .with(dnnl.DNNL_ARG_BIAS, weights.bias)
        .with(dnnl.DNNL_ARG_DIFF_SRC_ITER, plan.allocate(gradients.state))
        .with(dnnl.DNNL_ARG_DIFF_SRC_ITER_C, plan.allocate(gradients.cells))
        .with(
            dnnl.DNNL_ARG_WEIGHTS_LAYER,
            plan.inLayout(weights.input, plan.own(description.weights_layer_desc())))
        .with(
            dnnl.DNNL_ARG_WEIGHTS_ITER,
            plan.inLayout(weights.recurrent, plan.own(description.weights_iter_desc())))
        .with(dnnl.DNNL_ARG_WORKSPACE, workspace)
        .with(dnnl.DNNL_ARG_DIFF_SRC_LAYER, sourceBack)
        .with(dnnl.DNNL_ARG_DIFF_WEIGHTS_LAYER, inputWeights)
        .with(dnnl.DNNL_ARG_DIFF_WEIGHTS_ITER, recurrentWeights)
        .with(dnnl.DNNL_ARG_DIFF_BIAS, bias)
        .with(dnnl.DNNL_ARG_DIFF_DST_LAYER, gradient)
        .append();
    give(plan.inLayout(inputWeights, weights.input.layout()), lstm.inputWeights());
    give(plan.inLayout(recurrentWeights, weights.recurrent.layout()), lstm.recurrentWeights());
    give(bias, lstm.bias());
    if (plan.isDriven(input)) {
      plan.addGradient(input, plan.viewed(sourceBack, before.layout()));
    }
  }

  private lstm_backward.primitive_desc backward(lstm_forward.primitive_desc forward) {
    return plan.own(
        new lstm_backward.primitive_desc(
            plan.processor(),
            dnnl.prop_kind.backward,
            FORWARD,
            values.source,
            values.state,
            values.cells,
            values.inputWeights,
            values.recurrentWeights,
            values.bias,
            values.result,
            nothing,
            nothing,
            gradients.source,
            gradients.state,
            gradients.cells,
            gradients.inputWeights,
            gradients.recurrentWeights,
            gradients.bias,
            gradients.result,
            nothing,
            nothing,
            forward));
  }

  /** Memory that a primitive adds to: zeros before each step. */
  private Tensor cleared(memory.desc layout) {
    Tensor tensor = plan.allocate(plan.own(layout));
    plan.clear(tensor);
    return tensor;
  }
}
