package dev.zone.bench.dl4jspark;

import dev.zone.bench.contest.Progress;
import java.io.Serializable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Counts the steps of all workers. Workers get copies of it, so that the count is this JVM's, where
 * they all are.
 */
final class CountingListener extends BaseTrainingListener implements Serializable {
  private static final long serialVersionUID = 1;

  private static Progress progress = new Progress(System.out, 0);
  private static int workers = 1;
  private static int done;

  static synchronized void begin(Progress newProgress, int newWorkers) {
    progress = newProgress;
    workers = newWorkers;
  }

  static synchronized Progress progress() {
    return progress;
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    count();
  }

  private static synchronized void count() {
    done++;
    if (done % workers == 0) {
      progress.step(done / workers);
    }
  }
}
