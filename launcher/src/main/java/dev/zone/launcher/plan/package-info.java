/** From a job file to a plan: finds everything that the job names, and pins it. */
package dev.zone.launcher.plan;
