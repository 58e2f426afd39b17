package dev.zone.conf;

import java.util.Locale;

/** Where a run stands, as its {@code state.json} says. */
public enum RunState {
  /** The application starts. */
  STARTING(false),
  /** The data are read, checked and turned into examples. */
  PREPARING(false),
  TRAINING(false),
  EVALUATING(false),
  SUCCEEDED(true),
  FAILED(true),
  CANCELLED(true);

  private final boolean isFinal;

  RunState(boolean isFinal) {
    this.isFinal = isFinal;
  }

  /** Whether nothing comes after it. */
  public boolean isFinal() {
    return isFinal;
  }

  /** For people: {@code preparing}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
