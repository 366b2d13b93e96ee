package io.kailash.certification.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import org.apache.jmeter.config.Arguments;
import org.apache.jmeter.protocol.java.sampler.AbstractJavaSamplerClient;
import org.apache.jmeter.protocol.java.sampler.JavaSamplerContext;
import org.apache.jmeter.samplers.SampleResult;
import org.apache.jmeter.threads.JMeterContextService;
import org.apache.jmeter.threads.JMeterVariables;

/**
 * What JMeter's threads run. The argument {@code step} says which part of a phase it is: {@code
 * begin}, {@code warm}, {@code measure} or {@code end}; {@code folder} names the folder of its
 * order and results.
 *
 * <p>A measured sample leaves its planned start (milliseconds since the epoch, empty in a closed
 * loop) and its duration in microseconds in the variables {@code planned} and {@code elapsed_us},
 * which JMeter writes as columns.
 */
public final class LoadSampler extends AbstractJavaSamplerClient {

  private static final String PHASE = "kailash.load.phase";

  private Worker worker;

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
  public SampleResult runTest(JavaSamplerContext context) {
    String step = context.getParameter("step");
    try {
      SampleResult result =
          run(step, Path.of(context.getParameter("folder")), context.getJMeterProperties());
      if (result != null) {
        return result;
      }
    } catch (Exception e) {
      getNewLogger().error("step {} failed", step, e);
      System.out.println("step '" + step + "' failed, so this phase ends here: " + e);
      if (context.getJMeterProperties().get(PHASE) instanceof Phase phase) {
        phase.giveUp();
      }
    }
    JMeterContextService.getContext().getThread().stop();
    return null;
  }

  private SampleResult run(String step, Path folder, Properties shared) throws Exception {
    if (step.equals("begin")) {
      // JMeter's own map is what its threads share. What was there is over.
      shared.remove(PHASE);
      shared.put(PHASE, new Phase(folder, Clock.systemUTC(), System.out));
      return null;
    }
    if (!(shared.get(PHASE) instanceof Phase phase)) {
      // It did not begin, which was told; without results nothing of it passes.
      return null;
    }
    switch (step) {
      case "warm" -> worker(phase).warm();
      case "measure" -> {
        Optional<Worker.Measured> measured = worker(phase).measure();
        if (measured.isPresent()) {
          return result(measured.get());
        }
      }
      case "end" -> phase.end();
      default -> throw new IOException("step '" + step + "' is not known");
    }
    return null;
  }

  private Worker worker(Phase phase) {
    if (worker == null) {
      // Threads differ, runs do not.
      worker =
          new Worker(
              phase, JMeterContextService.getContext().getThread().getThreadName().hashCode());
    }
    return worker;
  }

  private static SampleResult result(Worker.Measured measured) {
    SampleResult result = new SampleResult();
    result.setSampleLabel(measured.operation());
    result.setDataType(SampleResult.TEXT);
    result.setStampAndTime(measured.epochMillis(), measured.millis());
    result.setLatency(measured.firstByteNanos() / 1_000_000);
    result.setBytes(measured.bytes());
    result.setSentBytes(measured.sentBytes());
    result.setResponseCode(measured.code());
    result.setResponseMessage(measured.problem() == null ? "" : measured.problem());
    result.setSuccessful(measured.problem() == null);
    JMeterVariables variables = JMeterContextService.getContext().getVariables();
    variables.put(
        "planned", measured.plannedMillis() < 0 ? "" : Long.toString(measured.plannedMillis()));
    variables.put("elapsed_us", Long.toString(measured.nanos() / 1000));
    return result;
  }

  @Override
  public void teardownTest(JavaSamplerContext context) {
    if (worker != null) {
      worker.close();
    }
  }
}
