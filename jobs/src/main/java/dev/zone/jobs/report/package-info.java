/**
 * The report of a run: one self-contained HTML page with drawings in SVG, made from the files of
 * the run's folder alone. {@code plan.yaml}, {@code state.json}, {@code error.json}, {@code
 * metrics.jsonl}, {@code evaluation.json}, {@code provenance.json}, {@code data.json} (the manifest
 * of the prepared data, its components by name) and {@code model/summary.json} ({@code {"layers":
 * [{"name", "type", "outputShape", "parameters"}], "parameters": n}}); none is required.
 */
package dev.zone.jobs.report;
