package dev.zone.jobs.model;

import dev.zone.conf.TaskSpec;
import dev.zone.conf.error.Problems;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;

/** Whether a file's output layer fits the task. */
final class OutputCheck {
  private static final Set<Class<?>> REGRESSION =
      Set.of(
          LossMSE.class,
          LossMAE.class,
          LossL1.class,
          LossL2.class,
          LossMAPE.class,
          LossMSLE.class,
          LossPoisson.class);

  private OutputCheck() {}

  static void check(Foreign network, ModelRequest request, String file, Problems problems) {
    List<String> outputs = network.outputs();
    if (outputs.size() != 1) {
      problems.add(file, "Cannot train outputs: " + outputs + " (expected one output, the task's)");
      return;
    }
    String name = outputs.get(0);
    Layer layer = network.layers().containsKey(name) ? network.layers().get(name).getLayer() : null;
    boolean each = request.targetSteps() > 1;
    if (each ? layer instanceof RnnOutputLayer : layer instanceof OutputLayer) {
      BaseOutputLayer output = (BaseOutputLayer) layer;
      if (output.getNOut() != request.outputs()) {
        problems.add(
            file,
            "Cannot fit layer '%s' to the task: nOut %d (expected %d%s)"
                .formatted(name, output.getNOut(), request.outputs(), meaning(request.task())));
      }
      if (layer instanceof RnnOutputLayer steps && steps.getRnnDataFormat() == RNNFormat.NWC) {
        problems.add(
            file,
            "Cannot train layer '%s' on steps: rnnDataFormat NWC (expected NCW)".formatted(name));
      }
      checkLoss(name, output, request.task(), file, problems);
    } else if (!each && layer instanceof LossLayer output) {
      checkLoss(name, output.getLossFn(), output.getActivationFn(), request.task(), file, problems);
    } else {
      problems.add(
          file,
          "Cannot train layer '%s': %s (expected %s at the end)"
              .formatted(
                  name,
                  layer == null ? "no layer" : layer.getClass().getSimpleName(),
                  each
                      ? "RnnOutputLayer, because windows.targets is each,"
                      : "OutputLayer or LossLayer"));
    }
  }

  private static void checkLoss(
      String name, BaseOutputLayer layer, TaskSpec task, String file, Problems problems) {
    checkLoss(name, layer.getLossFn(), layer.getActivationFn(), task, file, problems);
  }

  private static void checkLoss(
      String name,
      ILossFunction loss,
      IActivation activation,
      TaskSpec task,
      String file,
      Problems problems) {
    boolean fits;
    String expected;
    if (task instanceof TaskSpec.Regression) {
      fits = loss != null && REGRESSION.contains(loss.getClass());
      expected = "LossMSE, LossMAE or another loss of numbers";
    } else if (task instanceof TaskSpec.Multiclass) {
      boolean entropy = loss instanceof LossMCXENT || loss instanceof LossNegativeLogLikelihood;
      fits = entropy && activation instanceof ActivationSoftmax;
      expected = "LossMCXENT with ActivationSoftmax";
    } else {
      fits = loss instanceof LossBinaryXENT && activation instanceof ActivationSigmoid;
      expected = "LossBinaryXENT with ActivationSigmoid";
    }
    if (!fits) {
      problems.add(
          file,
          "Cannot train layer '%s' on this task: %s with %s (expected %s)"
              .formatted(name, simple(loss), simple(activation), expected));
    }
  }

  private static String simple(Object object) {
    return object == null ? "nothing" : object.getClass().getSimpleName();
  }

  private static String meaning(TaskSpec task) {
    if (task instanceof TaskSpec.Multiclass) {
      return ", one a class";
    }
    return task instanceof TaskSpec.Multilabel ? ", one a label" : "";
  }
}
