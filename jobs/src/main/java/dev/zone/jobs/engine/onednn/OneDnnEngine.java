package dev.zone.jobs.engine.onednn;

import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.engine.Engine;
import dev.zone.jobs.engine.graph.Fusion;
import dev.zone.jobs.engine.graph.Graph;
import dev.zone.jobs.window.Segment;
import dev.zone.jobs.window.StepTargets;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Computes with plans of oneDNN's primitives: one for each size of batch, length of windows, for
 * training and for inference. What plans do not cover, steps not seen in the middle of a window,
 * another engine computes with the same vectors.
 */
public final class OneDnnEngine implements Engine {
  /** The usual and the last batch, masked or not, and the last piece of their windows. */
  private static final int PLANS_KEPT = 6;

  private static final int SMALLEST_PREDICTION_BATCH = 64;

  private final Graph graph;
  private final IntFunction<Graph> ofPieces;
  private final Engine reference;
  private final Precision precision;
  private final Vectors vectors;
  private final Map<Form, Plan> plans = new LinkedHashMap<>(PLANS_KEPT, 1, true);

  /** The plan of the last gradient if that was of a piece: its states are what that left. */
  private Optional<Plan> last = Optional.empty();

  /** What the next piece begins with, by node. */
  private Map<Integer, State.Carried> carried = Map.of();

  /**
   * @param graph the network
   * @param ofPieces the same network over windows of so many steps
   * @param reference another engine of the same network, whose vectors are this one's; closed with
   *     it
   * @param precision of training
   */
  public OneDnnEngine(
      Graph graph, IntFunction<Graph> ofPieces, Engine reference, Precision precision) {
    this.graph = Fusion.of(graph);
    this.ofPieces = steps -> Fusion.of(ofPieces.apply(steps));
    this.reference = reference;
    this.precision = precision;
    this.vectors = new Vectors(reference.parameters(), reference.gradient());
  }

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public FloatBuffer parameters() {
    return reference.parameters();
  }

  @Override
  public FloatBuffer gradient() {
    return reference.gradient();
  }

  @Override
  public double computeGradient(Batch batch, Segment segment, long seed) {
    if (!covers(batch)) {
      last = Optional.empty();
      return reference.computeGradient(batch, segment, seed);
    }
    if (segment.steps() == targets().steps()) {
      Segment whole = new Segment(0, 0, graph.steps());
      return plan(batch, graph.steps(), true).computeGradient(batch, whole, seed);
    }
    Plan plan = plan(batch, segment.steps(), true);
    if (segment.index() == 0) {
      // What a batch before left is of other examples, also if this piece's state is not carried.
      carried = Map.of();
    }
    plan.states().forEach((node, state) -> begin(state, carried.get(node)));
    last = Optional.of(plan);
    return plan.computeGradient(batch, segment, seed);
  }

  private static void begin(State state, State.Carried carried) {
    if (carried == null) {
      state.clear();
    } else {
      state.begin(carried);
    }
  }

  private boolean covers(Batch batch) {
    return batch
        .mask()
        .map(
            mask ->
                graph.coversUnseenSteps() && Seen.isOnlyOfEnds(mask, batch.size(), graph.steps()))
        .orElse(true);
  }

  private Plan plan(Batch batch, int steps, boolean training) {
    // Validated and tested is the model as its file has it.
    Precision own = training ? precision : Precision.FLOAT32;
    Form form =
        new Form(batch.size(), training, batch.mask().isPresent(), steps, graph.steps(), own);
    if (training) {
      // Validation is over: its large batches need not stay.
      plans.entrySet().removeIf(entry -> closed(entry.getKey(), entry.getValue()));
    }
    Plan known = plans.get(form);
    if (known != null) {
      return known;
    }
    if (plans.size() >= PLANS_KEPT) {
      Form oldest = plans.keySet().iterator().next();
      plans.remove(oldest).close();
    }
    Graph of = steps == graph.steps() ? graph : ofPieces.apply(steps);
    Plan made = new Plan(of, form, vectors);
    plans.put(form, made);
    return made;
  }

  private static boolean closed(Form form, Plan plan) {
    if (form.training()) {
      return false;
    }
    plan.close();
    return true;
  }

  @Override
  public void carryState() {
    carried = new HashMap<>();
    last.ifPresent(plan -> plan.states().forEach((node, state) -> carried.put(node, state.left())));
    reference.carryState();
  }

  @Override
  public void computeNothing() {
    FloatBuffer gradient = gradient();
    for (int i = 0; i < gradient.limit(); i++) {
      gradient.put(i, 0);
    }
  }

  @Override
  public void predict(Batch batch, FloatBuffer outputs) {
    if (covers(batch)) {
      plan(batch, graph.steps(), false).predict(batch, outputs);
    } else {
      reference.predict(batch, outputs);
    }
  }

  @Override
  public int predictionBatch(int batch) {
    return predictedAtOnce(batch);
  }

  /** Few at a time are no slower here: a call costs little. */
  public static int predictedAtOnce(int batch) {
    return Math.max(batch, SMALLEST_PREDICTION_BATCH);
  }

  @Override
  public int outputs() {
    return reference.outputs();
  }

  @Override
  public StepTargets targets() {
    return reference.targets();
  }

  @Override
  public List<String> layers() {
    return reference.layers();
  }

  @Override
  public int layerOf(int parameter) {
    return reference.layerOf(parameter);
  }

  @Override
  public int firstNonFiniteLayer(Batch batch) {
    return reference.firstNonFiniteLayer(batch);
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    plans.clear();
    reference.close();
  }
}
