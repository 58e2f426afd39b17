package dev.zone.jobs.engine.onednn;

import dev.zone.jobs.engine.graph.Function;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.algorithm;

/** Several inputs of the same sizes, combined at each place. */
final class CombinationKernel {
  private final Compilation plan;
  private final int node;
  private final List<Integer> inputs;

  CombinationKernel(Compilation plan, int node) {
    this.plan = plan;
    this.node = node;
    this.inputs = plan.node(node).inputs();
  }

  /** f of their sum. */
  void sum(Function function) {
    Tensor all = folded("sum", algorithm.binary_add, function);
    plan.setOutput(node, all);
    plan.onTheWayBack(
        node,
        () -> {
          Tensor gradient =
              Functions.backward(plan, function, all, plan.gradient(node)).protectedNow();
          for (int input : inputs) {
            if (plan.isDriven(input)) {
              plan.addGradient(input, gradient);
            }
          }
        });
  }

  /** Their product. */
  void product() {
    plan.setOutput(node, folded("product", algorithm.binary_mul, Function.IDENTITY));
    plan.onTheWayBack(
        node,
        () -> {
          for (int i = 0; i < inputs.size(); i++) {
            if (plan.isDriven(inputs.get(i))) {
              plan.addGradient(inputs.get(i), byOthers(plan.gradient(node), i));
            }
          }
        });
  }

  /** The gradient times all inputs but one. */
  private Tensor byOthers(Tensor gradient, int but) {
    Tensor result = gradient;
    for (int i = 0; i < inputs.size(); i++) {
      if (i != but) {
        result = combined("product", algorithm.binary_mul, result, plan.output(inputs.get(i)));
      }
    }
    return result;
  }

  /** The largest; the gradient goes to the first that is. */
  void maximum() {
    Tensor largest = folded("maximum", algorithm.binary_max, Function.IDENTITY);
    plan.setOutput(node, largest);
    plan.onTheWayBack(
        node,
        () -> {
          Tensor left = plan.gradient(node);
          List<Tensor> gradients = new ArrayList<>();
          for (int input : inputs) {
            Tensor is = combined("is largest", algorithm.binary_eq, largest, plan.output(input));
            Tensor own = combined("of the largest", algorithm.binary_mul, left, is);
            gradients.add(own.protectedNow());
            left = combined("left", algorithm.binary_sub, left, own);
          }
          for (int i = 0; i < gradients.size(); i++) {
            if (plan.isDriven(inputs.get(i))) {
              plan.addGradient(inputs.get(i), gradients.get(i));
            }
          }
        });
  }

  private Tensor folded(String name, dnnl.algorithm operation, Function function) {
    Tensor result = plan.output(inputs.get(0)).protectedNow();
    for (int i = 1; i < inputs.size(); i++) {
      boolean last = i == inputs.size() - 1;
      Tensor next = plan.inLayout(plan.output(inputs.get(i)), result.layout());
      Tensor all = plan.allocate(result.layout());
      plan.combine(name, operation, result, next, all, last ? function : Function.IDENTITY);
      result = all;
    }
    return result;
  }

  private Tensor combined(String name, dnnl.algorithm operation, Tensor one, Tensor other) {
    Tensor second = plan.inLayout(other, one.layout());
    Tensor result = plan.allocate(one.layout());
    plan.combine(name, operation, one, second, result);
    return result;
  }
}
