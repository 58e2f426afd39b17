/**
 * The fault matrix: real runs on a real cluster of processes, each hit by one fault from outside.
 */
package dev.zone.launcher.faults;
