/** What is packaged: the assembled distribution and the application's jars in it. */
package dev.zone.launcher.bundle;
