/**
 * The vocabulary: jobs, datasets and plans as typed, validated records. A record component is a key
 * of the file; what the binder needs to know of it (default, range, description) stands beside it,
 * so code, messages and reference agree.
 */
package dev.zone.conf;
