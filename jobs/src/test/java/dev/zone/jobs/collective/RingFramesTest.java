package dev.zone.jobs.collective;

import static dev.zone.jobs.collective.FakeNeighbour.message;
import static dev.zone.jobs.collective.Rings.GUARD;
import static dev.zone.jobs.collective.Rings.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.jobs.collective.CollectiveException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A neighbour that proves itself, and then says what is not due. */
@Timeout(30)
class RingFramesTest {
  /** Chunks of five values each, for two ranks. */
  private static final int LENGTH = 10;

  private static final int BYTES = 20;
  private static final Deadlines DEADLINES = Deadlines.of(Duration.ofSeconds(20));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RingEndpoint endpoint = RingEndpoint.open("localhost");
  private FakeNeighbour neighbour;
  private Collective collective;

  @BeforeEach
  void meet() throws Exception {
    neighbour = new FakeNeighbour();
    Future<Collective> connecting = connecting();
    neighbour.meet(Rings.addressOf(endpoint));
    collective = connecting.get();
  }

  private Future<Collective> connecting() {
    return threads.submit(
        () ->
            RingCollective.connect(
                1,
                endpoint,
                List.of(neighbour.address(), Rings.addressOf(endpoint)),
                GUARD,
                DEADLINES));
  }

  @AfterEach
  void end() throws Exception {
    collective.close();
    neighbour.close();
    threads.shutdownNow();
  }

  private static Frame frame(long operation, int step) {
    return new Frame(Frame.DATA, 0, operation, step, 0, BYTES);
  }

  /** One operation as it should be: rank 1 has the values i, rank 0 has 100 + i. */
  private byte[] genuineOperation() throws Exception {
    FloatBuffer values = direct(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Future<?> sum = threads.submit(() -> collective.allReduce(values));
    byte[] first = message(frame(1, 0), 100, 101, 102, 103, 104);
    neighbour.send(first);
    neighbour.send(message(frame(1, 1), 110, 112, 114, 116, 118));
    sum.get();
    float[] sums = new float[LENGTH];
    values.get(0, sums);
    assertThat(sums).containsExactly(100, 102, 104, 106, 108, 110, 112, 114, 116, 118);
    ByteBuffer sent =
        ByteBuffer.wrap(neighbour.receive(2 * (Frame.BYTES + BYTES)))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(Frame.take(sent)).isEqualTo(new Frame(Frame.DATA, 0, 1, 0, 1, BYTES));
    return first;
  }

  private CollectiveException failureAfter(byte[] bytes) throws Exception {
    Future<?> sum = threads.submit(() -> collective.allReduce(direct(new float[LENGTH])));
    neighbour.send(bytes);
    return failureOf(sum);
  }

  private static CollectiveException failureOf(Future<?> operation) throws Exception {
    try {
      operation.get();
    } catch (ExecutionException e) {
      return (CollectiveException) e.getCause();
    }
    throw new AssertionError("it went well");
  }

  @ParameterizedTest
  @CsvSource({
    "7, 1, 0, 0, 20", // attempt
    "0, 2, 0, 0, 20", // operation
    "0, -1, 0, 0, 20",
    "0, 1, 1, 0, 20", // step
    "0, 1, 0, 1, 20", // rank
    "0, 1, 0, 0, 24", // length
    "0, 1, 0, 0, 16",
    "0, 1, 0, 0, -1",
    "0, 1, 0, 0, 9223372036854775807"
  })
  void refusesAFrameThatIsNotDue(int attempt, long operation, int step, int rank, long length)
      throws Exception {
    Frame frame = new Frame(Frame.DATA, attempt, operation, step, rank, length);
    CollectiveException failure = failureAfter(message(frame, 1, 2, 3, 4, 5));
    assertThat(failure)
        .hasMessage(
            "Cannot combine gradients: rank 0 is out of step: it sent %d bytes as rank %d in"
                + " operation %d, step %d, of attempt %d (expected 20 bytes as rank 0 in operation"
                + " 1, step 0, of attempt 0)",
            length, rank, operation, step, attempt);
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
    assertThat(failure.awaitedRank()).hasValue(0);
  }

  @Test
  void refusesAFrameThatWasSentBefore() throws Exception {
    byte[] first = genuineOperation();
    CollectiveException failure = failureAfter(first);
    assertThat(failure)
        .hasMessage(
            "Cannot combine gradients: rank 0 is out of step: it sent 20 bytes as rank 0 in"
                + " operation 1, step 0, of attempt 0 (expected 20 bytes as rank 0 in operation 2,"
                + " step 0, of attempt 0)");
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
  }

  @Test
  void refusesGarbage() throws Exception {
    byte[] garbage =
        "GET /secret HTTP/1.1\r\nHost: ring\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    CollectiveException failure = failureAfter(garbage);
    assertThat(failure)
        .hasMessage(
            "Cannot combine gradients: rank 0 is out of step: it sent what is no message of a ring,"
                + " beginning with 20544547 (expected 5A4F4E45)");
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
  }

  @Test
  void refusesBytesFromWhereNoneAreDue() throws Exception {
    Future<?> sum = threads.submit(() -> collective.allReduce(direct(new float[LENGTH])));
    neighbour.sendBack(message(frame(1, 0)));
    CollectiveException failure = failureOf(sum);
    assertThat(failure)
        .hasMessage(
            "Cannot combine gradients: rank 0 is out of step: it sent 20 bytes as rank 0 in"
                + " operation 1, step 0, of attempt 0 (expected 0 bytes as rank 0 in operation 1,"
                + " step 0, of attempt 0)");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 5, -1", // a reason that is none
    "0, 1, -1, -1",
    "0, 1, 0, 2", // a rank that is none
    "0, 1, 0, -2",
    "7, 1, 0, 1", // another attempt
  })
  void refusesAFarewellThatSaysNothing(int attempt, long operation, int reason, long awaited)
      throws Exception {
    Frame frame = new Frame(Frame.FAREWELL, attempt, operation, reason, 0, awaited);
    CollectiveException failure = failureAfter(message(frame));
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
    assertThat(failure)
        .hasMessageContaining("it sent what is no message of a ring, beginning with 5A425945");
  }

  @ParameterizedTest
  @CsvSource({
    "INTERRUPTED, -1, it was interrupted",
    "GONE, 1, it lost rank 1",
    "OUT_OF_STEP, 1, rank 1 is out of step with it",
    "LATE, -1, it was late",
    "CLOSED, -1, it has closed its collective",
  })
  void tellsWhyANeighbourGaveUp(Reason reason, int awaited, String why) throws Exception {
    CollectiveException theirs = new CollectiveException(reason, awaited, "theirs");
    CollectiveException failure = failureAfter(message(Frame.farewell(0, 1, 0, theirs)));
    assertThat(failure)
        .hasMessageMatching(
            "Cannot combine gradients: rank 1 lost rank 0, the one before it, in operation 1 after"
                + " \\d+ ms: it gave up, for "
                + why);
    assertThat(failure.reason()).isEqualTo(Reason.GONE);
    assertThat(failure.awaitedRank()).hasValue(0);
  }

  @Test
  void tellsItsNeighboursWhyItGivesUp() throws Exception {
    CollectiveException failure = failureAfter(message(frame(3, 0)));
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
    ByteBuffer farewell =
        ByteBuffer.wrap(neighbour.receiveFarewell()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(Frame.take(farewell)).isEqualTo(Frame.farewell(0, 1, 1, failure));
    neighbour.receive(Frame.BYTES + BYTES);
    ByteBuffer same =
        ByteBuffer.wrap(neighbour.receive(Frame.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(Frame.take(same)).isEqualTo(Frame.farewell(0, 1, 1, failure));
    assertThatThrownBy(() -> collective.allReduce(direct(1)))
        .hasMessage("Cannot combine gradients: rank 1 has closed its collective");
  }

  @Test
  void refusesAnAcceptorWhoDoesNotKnowTheSecret() throws Exception {
    RingEndpoint own = RingEndpoint.open("localhost");
    Future<Collective> connecting =
        threads.submit(
            () ->
                RingCollective.connect(
                    1, own, List.of(neighbour.address(), Rings.addressOf(own)), GUARD, DEADLINES));
    neighbour.answer(new Handshake(new byte[32], 0));
    CollectiveException failure = failureOf(connecting);
    assertThat(failure)
        .hasMessage(
            "Cannot connect rank 1 with rank 0 at %s: it does not prove that it knows the run's"
                + " secret",
            neighbour.address());
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
    assertThat(failure.awaitedRank()).hasValue(0);
  }
}
