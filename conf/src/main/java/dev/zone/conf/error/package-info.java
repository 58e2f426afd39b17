/**
 * What can go wrong, as a user meets it: kinds that decide exit code and retry, and all the
 * problems of one input.
 */
package dev.zone.conf.error;
