package dev.zone.conf.error;

import java.util.List;
import java.util.stream.Collectors;

/** All the problems of one input, a line each. Always the user's to mend. */
public final class InvalidInputException extends ZoneException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidInputException(List<Problem> problems, int omitted) {
    super(
        ErrorKind.USER,
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))
            + (omitted == 0 ? "" : "\nand " + omitted + " more problems"));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
