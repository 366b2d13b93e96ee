package io.kailash.certification.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One thread of a phase: takes its turns, sends, looks at what came back. */
final class Worker implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Worker.class.getName());
  private static final String NONE = "none";

  private final Phase phase;
  private final SplittableRandom random;
  private final Map<String, Operation> operations = new HashMap<>();
  private final Deque<Measured> further = new ArrayDeque<>();

  /**
   * A sample.
   *
   * @param epochMillis when it was sent
   * @param problem what was wrong, null when it was right
   * @param plannedMillis planned start, negative in a closed loop
   */
  record Measured(
      String operation,
      long epochMillis,
      long nanos,
      String code,
      String problem,
      long bytes,
      long sentBytes,
      long firstByteNanos,
      long plannedMillis) {

    long millis() {
      return Math.round(nanos / 1e6);
    }
  }

  Worker(Phase phase, long seed) {
    this.phase = phase;
    this.random = new SplittableRandom(seed);
  }

  /** Sends what does not count, until there is no more of it. */
  void warm() throws Exception {
    while (phase.warm()) {
      try {
        operation(phase.draw(random)).next(random).send().wrong();
      } catch (IOException e) {
        // A service that answers wrongly is told by the samples that count.
        LOG.log(Level.FINE, "while warming", e);
      }
    }
  }

  /** The next sample; empty when the phase is over. */
  Optional<Measured> measure() throws Exception {
    if (!further.isEmpty()) {
      return Optional.of(further.remove());
    }
    Phase.Turn turn = phase.next(random);
    if (turn == null) {
      return last();
    }
    Operation.Request request = operation(turn.operation()).next(random);
    Phase.Now now = phase.await(turn);
    if (now == Phase.Now.GIVE_UP) {
      return Optional.of(givenUp(turn));
    }
    if (now == Phase.Now.LEAVE) {
      return Optional.empty();
    }
    if (phase.isInterrupted()) {
      return Optional.empty();
    }
    return sent(turn, request);
  }

  /** What is asked once when all else is over, by whichever threads come first. */
  private Optional<Measured> last() throws Exception {
    Operation.Request request = phase.operations().last();
    if (request == null || !phase.awaitEnd()) {
      return Optional.empty();
    }
    return sent(new Phase.Turn(LiveOperation.STAY, System.nanoTime(), true), request);
  }

  private Optional<Measured> sent(Phase.Turn turn, Operation.Request request)
      throws InterruptedException {
    phase.sending();
    long began = System.nanoTime();
    Operation.Answer answer = null;
    String problem = null;
    try {
      answer = request.send();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      problem = e.getClass().getSimpleName();
    }
    long took = System.nanoTime() - began;
    if (phase.isInterrupted()) {
      // The service may be stopping too: no fault of its own.
      return Optional.empty();
    }
    if (answer != null) {
      problem = problem(answer);
      took = answer.ownNanos() > 0 ? answer.ownNanos() : took;
    }
    phase.answered(turn, began, took, problem, answer != null && answer.degraded());
    long planned = turn.open() ? phase.epochMillis(turn.plannedNanos()) : -1;
    String code = answer == null ? NONE : answer.code();
    if (answer != null) {
      for (Operation.Further one : answer.further()) {
        further.add(
            new Measured(
                one.name(),
                phase.epochMillis(began),
                one.nanos(),
                code,
                problem,
                0,
                0,
                0,
                planned));
      }
    }
    return Optional.of(
        new Measured(
            turn.operation(),
            phase.epochMillis(began),
            took,
            code,
            problem,
            answer == null ? 0 : answer.bytes(),
            answer == null ? 0 : answer.sentBytes(),
            answer == null ? 0 : answer.firstByteNanos(),
            planned));
  }

  private static String problem(Operation.Answer answer) {
    try {
      return answer.wrong();
    } catch (Exception e) {
      return "content could not be looked at: " + e.getClass().getSimpleName();
    }
  }

  /** It has waited since its planned start, and would still wait. */
  private Measured givenUp(Phase.Turn turn) {
    long now = System.nanoTime();
    String problem = "not sent: every connection was still waiting for an answer";
    phase.note(turn, now, 0, problem, false);
    return new Measured(
        turn.operation(),
        phase.epochMillis(now),
        0,
        NONE,
        problem,
        0,
        0,
        0,
        phase.epochMillis(turn.plannedNanos()));
  }

  private Operation operation(String name) throws Exception {
    Operation operation = operations.get(name);
    if (operation == null) {
      operation = phase.operations().make(name);
      operations.put(name, operation);
    }
    return operation;
  }

  @Override
  public void close() {
    for (Operation operation : operations.values()) {
      try {
        operation.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "closing an operation", e);
      }
    }
  }
}
