/**
 * Hadoop's YARN, as its ResourceManager tells of it. The launcher's only place that knows Hadoop.
 */
package dev.zone.launcher.yarn;
