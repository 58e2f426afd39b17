/** GPUs of a machine: what there are, and whether ND4J can train on them. */
package dev.zone.conf.gpu;
