/** What all contestants share: the workloads, their examples, and how steps are told. */
package dev.zone.bench.contest;
