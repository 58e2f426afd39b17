/**
 * What a cluster's own HTTP interfaces say and take; without Spark's classes, so that it is fast.
 */
package dev.zone.launcher.master;
