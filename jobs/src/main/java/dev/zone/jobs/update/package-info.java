/** Optimizer steps over flat vectors. */
package dev.zone.jobs.update;
