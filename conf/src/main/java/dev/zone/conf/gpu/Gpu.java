package dev.zone.conf.gpu;

import dev.zone.conf.DataSize;
import java.util.Optional;

/**
 * A GPU as its driver describes it.
 *
 * @param index by which {@code nvidia-smi} and Spark name it
 * @param uuid by which CUDA can be told to use it alone
 * @param name NVIDIA's name of the product
 * @param computeCapability such as {@code 8.0}; empty if neither the driver says it nor the name is
 *     a known one
 * @param driver version
 * @param memory in all
 * @param free memory that nobody uses now
 */
public record Gpu(
    int index,
    String uuid,
    String name,
    Optional<String> computeCapability,
    String driver,
    DataSize memory,
    DataSize free) {}
