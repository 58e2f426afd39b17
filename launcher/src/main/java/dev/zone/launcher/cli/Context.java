package dev.zone.launcher.cli;

import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.submit.ApplicationCommand;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the commands stand on.
 *
 * @param distribution looked up only by commands that need it
 * @param folder that relative paths start from
 * @param environment the process's variables
 * @param clock of run names and records
 * @param application how the application's process is started
 */
record Context(
    Terminal terminal,
    Supplier<Distribution> distribution,
    Path folder,
    Map<String, String> environment,
    Clock clock,
    ApplicationCommand application) {}
