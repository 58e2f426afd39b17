/** The shipped jobs on the real data that their descriptors name. */
package dev.zone.launcher.real;
