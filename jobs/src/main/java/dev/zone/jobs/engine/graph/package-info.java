/**
 * Networks as typed graphs of operations with shapes: what an engine that compiles needs to know,
 * and nothing of the library that the network was described in or of the one that computes it.
 */
package dev.zone.jobs.engine.graph;
