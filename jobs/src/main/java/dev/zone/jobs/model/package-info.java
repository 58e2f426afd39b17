/**
 * What a job's model is in DL4J's terms: named architectures, configuration and Keras files, and
 * the archive of a trained model. Files from outside name only classes of an allow-list.
 */
package dev.zone.jobs.model;
