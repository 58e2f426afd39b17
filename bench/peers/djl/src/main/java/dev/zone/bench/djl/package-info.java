/** PyTorch through Deep Java Library. */
package dev.zone.bench.djl;
