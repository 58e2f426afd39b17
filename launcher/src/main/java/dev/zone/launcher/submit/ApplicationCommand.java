package dev.zone.launcher.submit;

import java.util.List;
import java.util.Map;

/** How an application's process is started. */
@FunctionalInterface
public interface ApplicationCommand {
  /**
   * The process's command and what is added to its environment.
   *
   * @param command with its arguments; never holds a secret, as others can read it
   * @param environment may hold secrets
   */
  record Invocation(List<String> command, Map<String, String> environment) {
    public Invocation {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  Invocation of(Submission submission);
}
