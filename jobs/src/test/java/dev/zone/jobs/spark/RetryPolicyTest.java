package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.RetrySpec;
import dev.zone.conf.error.ErrorKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  @Test
  void triesAgainWithLongerPausesUntilTheAttemptsAreUsedUp() {
    RetryPolicy policy = new RetryPolicy(new RetrySpec(4, 2));
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "a", 1)))
        .isEqualTo(new RetryPolicy.Decision(true, 2, "attempt 2 of 4 in 2.0 s"));
    assertThat(policy.after(failure(ErrorKind.RESOURCES, "a", 2)).waitSeconds()).isEqualTo(4);
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "a", 3)).waitSeconds()).isEqualTo(8);
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "a", 4)))
        .isEqualTo(new RetryPolicy.Decision(false, 0, "4 of 4 attempts failed"));
  }

  @Test
  void neverTriesAgainWhatCannotGetBetter() {
    for (ErrorKind kind : List.of(ErrorKind.USER, ErrorKind.INTERNAL, ErrorKind.CANCELLED)) {
      RetryPolicy policy = new RetryPolicy(new RetrySpec(3, 0));
      assertThat(policy.after(failure(kind, "a", 1)).again()).as("%s", kind).isFalse();
    }
  }

  @Test
  void stopsWhenTheSameHappensAtTheSameStep() {
    RetryPolicy policy = new RetryPolicy(new RetrySpec(9, 0));
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "rank 1 is gone", 7)).again()).isTrue();
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "rank 0 is gone", 7)).again()).isTrue();
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "rank 1 is gone", 8)).again()).isTrue();
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "rank 1 is gone", 7)))
        .isEqualTo(
            new RetryPolicy.Decision(
                false, 0, "it failed at step 7 twice for the same cause: rank 1 is gone"));
  }

  @Test
  void doesNotTakeUnknownStepsForTheSame() {
    RetryPolicy policy = new RetryPolicy(new RetrySpec(3, 0));
    int unknown = AttemptFailure.UNKNOWN_STEP;
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "a", unknown)).again()).isTrue();
    assertThat(policy.after(failure(ErrorKind.ENVIRONMENT, "a", unknown)).again()).isTrue();
  }

  private static AttemptFailure failure(ErrorKind kind, String cause, int step) {
    return new AttemptFailure(kind, cause, cause, "", step, List.of());
  }
}
