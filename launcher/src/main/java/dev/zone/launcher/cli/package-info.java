/** The {@code zone} command: one class a command, nothing but words. */
package dev.zone.launcher.cli;
