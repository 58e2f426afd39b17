/**
 * What predictions are worth: metrics, curves, matrices, thresholds. Pure functions of predictions
 * and targets; knows nothing of models, engines or Spark. {@link dev.zone.jobs.evaluation.Metrics}
 * defines each metric.
 *
 * <p>{@code evaluation.json} of a run, which {@link dev.zone.jobs.evaluation.EvaluationJson} reads
 * and writes:
 *
 * <pre>
 * {"task": "binary" | "multiclass" | "multilabel" | "regression",
 *  "classes": ["good", "bad"],        names in index order (binary: negative, positive)
 *  "threshold": 0.41,                 from which output on yes is said (binary, multilabel)
 *  "splits": {"validation": SPLIT, "test": SPLIT},             of the exported model
 *  "folds": [{"fold": 1, "threshold": 0.4, "splits": {"test": SPLIT}}],   cross-validation only
 *  "crossValidation": {                                        from the folds' test parts
 *    "metrics": {"f1": {"mean": 0.8, "standardDeviation": 0.1, "folds": [1, 2], "values": [0.7, 0.9]}},
 *    "confusion": [[…]], "classes": [CLASS]}}                  summed over the folds
 *
 * SPLIT:
 * {"examples": 1200,
 *  "metrics": {"loss": 0.2, "accuracy": 0.93},   only metrics that have a value
 *  "undefined": {"auc": "all examples are of one class"},      the others, and why
 *  "classes": [CLASS],                           by class or label
 *  "confusion": [[90, 10], [5, 95]],             [true][predicted]
 *  "roc": [{"class": 1, "x": [false positive rates], "y": [true positive rates]}],
 *  "precisionRecall": [{"class": 1, "x": [recalls], "y": [precisions]}],
 *  "scores": {"low": 0, "high": 1, "counts": [[of negatives], [of positives]]},   bins of equal width
 *  "residuals": {"low": -9, "high": 9, "counts": [[…]]},       predicted - target
 *  "sample": [[target, predicted]],              evenly over the targets' order
 *  "worst": [{"example": 7, "origin": "test.csv:9", "target": 1, "predicted": 0, "probability": 0.99}]}
 *
 * CLASS: {"class": 1, "name": "bad", "support": 100, "predicted": 105, "truePositives": 95,
 *         "precision": 0.9, "recall": 0.95, "f1": 0.93, "auc": 0.98, "averagePrecision": 0.97}
 * </pre>
 *
 * <p>What is undefined or empty is left out; no value is ever NaN or infinite.
 */
package dev.zone.jobs.evaluation;
