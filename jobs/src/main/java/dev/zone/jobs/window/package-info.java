/** How targets stand along an example's window, and in which pieces windows are learned. */
package dev.zone.jobs.window;
