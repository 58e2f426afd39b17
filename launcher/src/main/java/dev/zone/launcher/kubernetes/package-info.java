/**
 * Kubernetes' API server, as far as drivers and workers in pods go: the only place that knows it.
 */
package dev.zone.launcher.kubernetes;
