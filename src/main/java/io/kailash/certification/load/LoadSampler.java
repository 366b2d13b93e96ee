package io.kailash.certification.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.jmeter.config.Arguments;
import org.apache.jmeter.protocol.java.sampler.AbstractJavaSamplerClient;
import org.apache.jmeter.protocol.java.sampler.JavaSamplerContext;
import org.apache.jmeter.samplers.SampleResult;
import org.apache.jmeter.threads.JMeterContextService;
import org.apache.jmeter.threads.JMeterVariables;
import org.apache.jmeter.util.JMeterUtils;

/**
 * What JMeter's threads run. The argument {@code step} says which part of a phase it is: {@code
 * begin}, {@code warm}, {@code measure} or {@code end}; {@code folder} names the folder of its
 * order and results.
 *
 * <p>A measured sample leaves its planned start (milliseconds since the epoch, empty in a closed
 * loop) and its duration in microseconds in the variables {@code planned} and {@code elapsed_us}, which
 * JMeter writes as columns.
 */
public final class LoadSampler extends AbstractJavaSamplerClient {

  private static final String PHASE = "kailash.load.phase";

  /** Operations that only come as a further sample of another. */
  private static final Map<String, String> PARTS = Map.of("stream.first_byte", "stream");

  private final Map<String, Operation> operations = new HashMap<>();
  private final Deque<Measured> further = new ArrayDeque<>();
  private SplittableRandom random;

  private record Measured(SampleResult result, String planned, String micros) {}

  /** For JMeter. */
  public LoadSampler() {}

  @Override
  public Arguments getDefaultParameters() {
    Arguments arguments = new Arguments();
    arguments.addArgument("step", "measure");
    arguments.addArgument("folder", "");
    return arguments;
  }

  @Override
  public void setupTest(JavaSamplerContext context) {
    // Threads differ, runs do not.
    random =
        new SplittableRandom(
            JMeterContextService.getContext().getThread().getThreadName().hashCode());
  }

  @Override
  public SampleResult runTest(JavaSamplerContext context) {
    String step = context.getParameter("step");
    try {
      return switch (step) {
        case "begin" -> begin(Path.of(context.getParameter("folder")));
        case "warm" -> warm();
        case "measure" -> measure();
        case "end" -> end();
        default -> throw new IOException("step '" + step + "' is not known");
      };
    } catch (Exception e) {
      getNewLogger().error("step {} failed", step, e);
      System.out.println("step " + step + " failed: " + e);
      // Nothing that comes after it would be worth anything.
      JMeterContextService.getContext().getEngine().askThreadsToStop();
      return stopThread();
    }
  }

  private static Phase phase() throws IOException {
    Object phase = JMeterUtils.getJMeterProperties().get(PHASE);
    if (phase instanceof Phase running) {
      return running;
    }
    throw new IOException("the phase has not begun");
  }

  private SampleResult begin(Path folder) throws Exception {
    JMeterUtils.getJMeterProperties()
        .put(PHASE, new Phase(folder, Clock.systemUTC(), System.out));
    return stopThread();
  }

  private SampleResult warm() throws Exception {
    Phase phase = phase();
    while (phase.warm()) {
      try {
        operation(phase, phase.draw(random)).next(random).send().wrong();
      } catch (IOException e) {
        // A service that answers wrongly is told by the samples that count.
        getNewLogger().debug("while warming", e);
      }
    }
    return stopThread();
  }

  private SampleResult measure() throws Exception {
    Phase phase = phase();
    if (!further.isEmpty()) {
      return told(further.remove());
    }
    Phase.Turn turn = phase.next(random);
    if (turn == null) {
      return stopThread();
    }
    Operation.Request request = operation(phase, turn.operation()).next(random);
    SampleResult result = new SampleResult();
    result.setSampleLabel(PARTS.getOrDefault(turn.operation(), turn.operation()));
    result.setDataType(SampleResult.TEXT);
    if (!phase.await(turn)) {
      return givenUp(phase, turn, result);
    }
    if (phase.isInterrupted()) {
      return stopThread();
    }
    phase.sending();
    long began = System.nanoTime();
    Operation.Answer answer = null;
    String problem = null;
    try {
      answer = request.send();
    } catch (Exception e) {
      problem = e.getClass().getSimpleName();
    }
    long took = System.nanoTime() - began;
    if (phase.isInterrupted()) {
      // The service may be stopping too: no fault of its own.
      return stopThread();
    }
    if (answer != null) {
      problem = answer.wrong();
      if (answer.ownNanos() > 0) {
        took = answer.ownNanos();
      }
      result.setBytes(answer.bytes());
      result.setSentBytes(answer.sentBytes());
      result.setLatency(answer.firstByteNanos() / 1_000_000);
    }
    phase.answered(turn, began, took, problem, answer != null && answer.degraded());
    if (answer != null) {
      for (Operation.Further one : answer.further()) {
        further.add(further(phase, turn, began, one, problem, result));
      }
    }
    result.setStampAndTime(phase.epochMillis(began), Math.round(took / 1e6));
    result.setResponseCode(answer == null ? "none" : answer.code());
    result.setResponseMessage(problem == null ? "" : problem);
    result.setSuccessful(problem == null);
    return told(
        new Measured(
            result,
            turn.open() ? Long.toString(phase.epochMillis(turn.plannedNanos())) : "",
            Long.toString(took / 1000)));
  }

  private static Measured further(
      Phase phase,
      Phase.Turn turn,
      long began,
      Operation.Further one,
      String problem,
      SampleResult whole) {
    SampleResult result = new SampleResult();
    result.setSampleLabel(one.name());
    result.setStampAndTime(phase.epochMillis(began), Math.round(one.nanos() / 1e6));
    result.setResponseCode(whole.getResponseCode());
    result.setSuccessful(problem == null);
    return new Measured(
        result,
        turn.open() ? Long.toString(phase.epochMillis(turn.plannedNanos())) : "",
        Long.toString(one.nanos() / 1000));
  }

  private static SampleResult givenUp(Phase phase, Phase.Turn turn, SampleResult result) {
    long now = System.nanoTime();
    String problem = "not sent: every connection was still waiting for an answer";
    phase.note(turn, now, 0, problem, false);
    result.setStampAndTime(phase.epochMillis(now), 0);
    result.setResponseCode("none");
    result.setResponseMessage(problem);
    result.setSuccessful(false);
    return told(
        new Measured(result, Long.toString(phase.epochMillis(turn.plannedNanos())), "0"));
  }

  private static SampleResult told(Measured measured) {
    JMeterVariables variables = JMeterContextService.getContext().getVariables();
    variables.put("planned", measured.planned());
    variables.put("elapsed_us", measured.micros());
    return measured.result();
  }

  private static SampleResult end() throws Exception {
    phase().end();
    return stopThread();
  }

  private Operation operation(Phase phase, String name) throws Exception {
    Operation operation = operations.get(name);
    if (operation == null) {
      operation = phase.operations().make(name);
      operations.put(name, operation);
    }
    return operation;
  }

  private static SampleResult stopThread() {
    JMeterContextService.getContext().getThread().stop();
    return null;
  }

  @Override
  public void teardownTest(JavaSamplerContext context) {
    for (Operation operation : operations.values()) {
      try {
        operation.close();
      } catch (Exception e) {
        getNewLogger().warn("closing {}", operation, e);
      }
    }
  }
}
