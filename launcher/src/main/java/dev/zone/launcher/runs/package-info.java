/** Run records: the folder of a run, what it says, and how it is followed while it grows. */
package dev.zone.launcher.runs;
