/** Starts Spark applications in a JVM of their own and stays with them until they end. */
package dev.zone.launcher.submit;
