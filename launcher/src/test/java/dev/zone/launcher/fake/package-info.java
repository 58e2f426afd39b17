/** What the tests put at the process boundary, and the place they run in. */
package dev.zone.launcher.fake;
