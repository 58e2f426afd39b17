package dev.zone.jobs.engine.onednn;

import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.engine.graph.Function;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.engine.graph.Node;
import dev.zone.jobs.engine.graph.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * A plan being made: kernels take the tensors of the nodes before, allocate their own, and append
 * what computes them. What a kernel needs for the way back it leaves with {@link #onTheWayBack};
 * that is appended in the opposite order, when the gradient of its node's values is complete.
 */
final class Compilation {
  private final Setting setting;
  private final Memories memories;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final Map<Integer, Tensor> outputs = new HashMap<>();
  private final Map<Integer, Tensor> gradients = new HashMap<>();
  private final Deque<WayBack> wayBack = new ArrayDeque<>();
  private final Map<Integer, State> states = new HashMap<>();
  private final boolean[] driven;
  private final int[] sets;
  private final List<memory> inputs = new ArrayList<>();
  private Program current = forward;

  /**
   * What a plan is made of.
   *
   * @param graph the network
   * @param form what for
   * @param vectors parameters and gradient
   * @param processor where it is computed
   * @param order in which primitives are computed one after the other
   * @param resources what lives as long as the plan
   */
  record Setting(
      Graph graph,
      Form form,
      Vectors vectors,
      engine processor,
      stream order,
      Resources resources) {}

  Compilation(Setting setting) {
    this.setting = setting;
    this.memories = new Memories(setting.processor(), setting.resources());
    this.driven = setting.graph().driven();
    this.sets = setting.graph().sets();
  }

  engine processor() {
    return setting.processor();
  }

  boolean training() {
    return setting.form().training();
  }

  /** What primitives of the forward pass are for. */
  dnnl.prop_kind pass() {
    return training() ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference;
  }

  int batch() {
    return setting.form().batch();
  }

  /** Examples of a node: the batch's, or several times as many. */
  int examples(int node) {
    return batch() * sets[node];
  }

  boolean masked() {
    return setting.form().masked();
  }

  boolean inPieces() {
    return setting.form().inPieces();
  }

  /** Says where a recurrent node's state is. */
  void setState(int node, State state) {
    states.put(node, state);
  }

  Map<Integer, State> states() {
    return states;
  }

  Vectors vectors() {
    return setting.vectors();
  }

  <P extends Pointer> P own(P object) {
    return setting.resources().own(object);
  }

  Program forward() {
    return forward;
  }

  Program backward() {
    return backward;
  }

  /** The sizes of a node's values, the batch's first. */
  long[] sizes(int node) {
    return node(node).shape().withBatch(examples(node));
  }

  boolean isOutput(int node) {
    return node == setting.graph().output();
  }

  Node node(int index) {
    return setting.graph().nodes().get(index);
  }

  /** Whether a gradient of the node's values is needed. */
  boolean isDriven(int node) {
    return driven[node];
  }

  /** The values of a node. */
  Tensor output(int node) {
    return outputs.get(node);
  }

  void setOutput(int node, Tensor values) {
    outputs.put(node, values);
  }

  private record WayBack(int node, Runnable append) {}

  /** To be called when the plan's forward part computes the node. */
  void onTheWayBack(int node, Runnable append) {
    wayBack.push(new WayBack(node, append));
  }

  /** Appends all that was left for the way back. */
  void turnBack() {
    current = backward;
    while (!wayBack.isEmpty()) {
      WayBack next = wayBack.pop();
      if (gradients.containsKey(next.node)) {
        next.append.run();
      } else {
        node(next.node).operation().slices().forEach(this::clearGradient);
      }
    }
  }

  /** Appends filling the gradient of parameters with zeros. */
  void clearGradient(Slice slice) {
    Pointer address = own(vectors().gradient(slice));
    append("clear", () -> Pointer.memset(address, 0, (long) slice.length() * Float.BYTES));
  }

  /** The gradient of a node's values; all that use it have added theirs. */
  Tensor gradient(int node) {
    return gradients.get(node);
  }

  /** Adds to the gradient of a node's values. */
  void addGradient(int node, Tensor more) {
    Tensor before = gradients.get(node);
    gradients.put(node, before == null ? more : sum(before, more));
  }

  private Tensor sum(Tensor one, Tensor other) {
    Tensor second = inLayout(other, one.layout());
    Tensor sum = one.shared() ? allocate(one.layout()) : one;
    combine("sum of gradients", dnnl.algorithm.binary_add, one, second, sum);
    return sum;
  }

  /**
   * Appends an operation on two values at each place.
   *
   * @param other of the same sizes, or 1 where one of its numbers is for all
   * @param result may be one of the two
   */
  void combine(String name, dnnl.algorithm operation, Tensor one, Tensor other, Tensor result) {
    combine(name, operation, one, other, result, Function.IDENTITY);
  }

  /** The same with a function of the result. */
  void combine(
      String name,
      dnnl.algorithm operation,
      Tensor one,
      Tensor other,
      Tensor result,
      Function function) {
    binary.primitive_desc description =
        own(
            new binary.primitive_desc(
                processor(),
                operation,
                one.layout(),
                other.layout(),
                result.layout(),
                Functions.applied(this, function),
                false));
    execute(name, own(new binary(description)))
        .with(dnnl.DNNL_ARG_SRC_0, one)
        .with(dnnl.DNNL_ARG_SRC_1, other)
        .with(dnnl.DNNL_ARG_DST, result)
        .append();
  }

  /** Type of the values between layers, unless one of them computes with float32. */
  memory.data_type valueType() {
    return setting.form().precision() == Precision.BF16
        ? memory.data_type.bf16
        : memory.data_type.f32;
  }

  /** Sizes in whatever layout a primitive likes best. */
  memory.desc any(memory.data_type type, long... sizes) {
    return own(new memory.desc(sizes, type, memory.format_tag.any));
  }

  /** Sizes in a given layout, of float32. */
  memory.desc layout(memory.format_tag tag, long... sizes) {
    return own(new memory.desc(sizes, memory.data_type.f32, tag));
  }

  /** Sizes in row-major order, of float32. */
  memory.desc plain(long... sizes) {
    return strided(sizes, Strides.rowMajor(sizes));
  }

  /** Sizes [batch, channels, …] with the channels as the last axis, of float32. */
  memory.desc channelsLast(long... sizes) {
    return strided(sizes, Strides.channelsLast(sizes));
  }

  /** Sizes with given distances from one place to the next, of float32. */
  memory.desc strided(long[] sizes, long[] strides) {
    return strided(memory.data_type.f32, sizes, strides);
  }

  /** Sizes with given distances from one place to the next. */
  memory.desc strided(memory.data_type type, long[] sizes, long[] strides) {
    return own(new memory.desc(sizes, type, strides));
  }

  /** New memory, freed with the plan; it holds something from its first use to its last. */
  Tensor allocate(memory.desc layout) {
    return memories.allocate(layout);
  }

  /** New memory that begins with zeros and keeps what is in it, freed with the plan. */
  Tensor allocateApart(memory.desc layout) {
    return memories.allocateApart(layout);
  }

  /** Somebody else's memory. */
  Tensor at(memory.desc layout, Pointer address) {
    return memories.at(layout, address);
  }

  /** Memory whose address each batch brings anew. */
  Tensor input(memory.desc layout) {
    Tensor values = at(layout, own(new Pointer()));
    inputs.add(values.memory());
    return values;
  }

  /** Values whose address stays: a copy of those that a batch brings. */
  Tensor settled(Tensor values) {
    if (!inputs.contains(values.memory())) {
      return values;
    }
    Tensor copy = allocate(values.layout());
    copy(values, copy);
    return copy;
  }

  /** The same memory read another way. */
  Tensor viewed(Tensor tensor, memory.desc layout) {
    return memories.viewed(settled(tensor), layout);
  }

  /** Parameters in the flat vector, in row-major order. */
  Tensor parameters(Slice slice, long... sizes) {
    return parameters(slice, plain(sizes));
  }

  /** Parameters in the flat vector, in an order. */
  Tensor parameters(Slice slice, memory.desc layout) {
    return at(layout, own(vectors().parameters(slice)));
  }

  /** Where the gradient of parameters belongs, in row-major order. */
  Tensor gradientOf(Slice slice, long... sizes) {
    return gradientOf(slice, plain(sizes));
  }

  /** Where the gradient of parameters belongs, in an order. */
  Tensor gradientOf(Slice slice, memory.desc layout) {
    return at(layout, own(vectors().gradient(slice)));
  }

  /** The values as float32: themselves if they are, else in row-major order. */
  Tensor inFloats(int node) {
    Tensor values = output(node);
    return values.type() == memory.data_type.f32 ? values : inLayout(values, plain(sizes(node)));
  }

  /** The values in a layout: themselves if they have it. */
  Tensor inLayout(Tensor values, memory.desc layout) {
    if (values.layout().equals(layout)) {
      return values;
    }
    Tensor copy = allocate(layout);
    copy(values, copy);
    return copy;
  }

  /** Appends copying from one layout into another. */
  void copy(Tensor from, Tensor to) {
    reorder.primitive_desc description =
        own(new reorder.primitive_desc(processor(), from.layout(), processor(), to.layout()));
    execute("reorder", own(new reorder(description)))
        .with(dnnl.DNNL_ARG_FROM, from)
        .with(dnnl.DNNL_ARG_TO, to)
        .append();
  }

  /** Appends filling memory with zeros, padding too. */
  void clear(Tensor tensor) {
    memory cleared = tensor.memory();
    long bytes = tensor.layout().get_size();
    memories.use(tensor);
    append("clear", () -> Pointer.memset(cleared.get_data_handle(), 0, bytes));
  }

  /** Appends something that is not a primitive. */
  void append(String name, Program.Step step) {
    current.add(name, step);
    memories.advance();
  }

  /** Gives memory its places; nothing can be appended after it. */
  void settle() {
    memories.settle();
  }

  /** Appends a primitive, once its arguments are given. */
  Call execute(String name, primitive what) {
    return new Call(name, what);
  }

  /** A primitive with its arguments. */
  final class Call {
    private final String name;
    private final primitive what;
    private final IntMemoryMap arguments = own(new IntMemoryMap());
    private final List<Tensor> tensors = new ArrayList<>();

    private Call(String name, primitive what) {
      this.name = name;
      this.what = what;
    }

    Call with(int argument, Tensor tensor) {
      arguments.put(argument, tensor.memory());
      tensors.add(tensor);
      return this;
    }

    void append() {
      stream order = setting.order();
      tensors.forEach(memories::use);
      Compilation.this.append(name, () -> what.execute(order, arguments));
    }
  }
}
