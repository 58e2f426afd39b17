/**
 * Binds YAML to records and back: every problem with its line, every unknown key with the name that
 * was meant.
 */
package dev.zone.conf.yaml;
