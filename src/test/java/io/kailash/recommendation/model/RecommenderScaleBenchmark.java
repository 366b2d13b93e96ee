package io.kailash.recommendation.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Trains on as many made-up interactions as asked for, and prints time, memory, quality and time
 * per answer beside those of a model of a fifth of the items. Run by {@code mvn
 * -Pscale-recommender}; settings are system properties: {@code interactions}, {@code users}, {@code
 * items}, {@code threads}.
 */
final class RecommenderScaleBenchmark {

  private static final int ANSWERS = 20_000;
  private static final int HISTORY = 50;

  private RecommenderScaleBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    long interactions = Long.getLong("interactions", 1_000_000);
    int users = Integer.getInteger("users", 100_000);
    int items = Integer.getInteger("items", 50_000);
    RecommenderOptions options =
        RecommenderOptions.defaults().withThreads(Integer.getInteger("threads", 2));
    double large = run("large", interactions, users, items, options, out);
    double small = run("small", interactions / 5, users / 5, items / 5, options, out);
    out.printf(
        Locale.ROOT,
        "an answer takes %.2f times as long as with a fifth of the items%n",
        large / small);
    out.printf(Locale.ROOT, "most memory of the process: %s%n", peakMemory());
  }

  /** Microseconds of CPU per answer. */
  private static double run(
      String name,
      long interactions,
      int users,
      int items,
      RecommenderOptions options,
      PrintStream out)
      throws IOException {
    SyntheticInteractions source =
        new SyntheticInteractions(interactions, users, items, Math.max(10, items / 100), 7);
    long start = System.nanoTime();
    long startCpu = cpuNanos();
    RecommenderProgress progress =
        new RecommenderProgress() {
          @Override
          public synchronized void at(String phase, double fraction) {
            out.printf(
                Locale.ROOT,
                "  %6.1f s %3.0f %% %s%n",
                (System.nanoTime() - start) / 1e9,
                fraction * 100,
                phase);
          }

          @Override
          public boolean cancelled() {
            return false;
          }
        };
    RecommenderModel model =
        new RecommenderTrainer(Clock.systemUTC()).train(source, options, progress).model();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (cpuNanos() - startCpu) / 1e9;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    RecommenderDescription description = model.description();
    out.printf(
        Locale.ROOT,
        "%s: %d interactions, %d pairs, %d users, %d items; trained in %.1f s, %.1f CPU-s, %d threads; %d"
            + " similarities %s, recency offset %s, file of %d bytes; held out: %s%n",
        name,
        description.interactions(),
        description.pairs(),
        description.users(),
        description.items(),
        seconds,
        cpuSeconds,
        options.threads(),
        description.neighbours(),
        description.similarityWeights(),
        description.recencyOffset(),
        bytes.size(),
        description.heldOut());
    List<List<WeightedItem>> histories = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int h = 0; h < 2_000; h++) {
      List<WeightedItem> history = new ArrayList<>();
      while (history.size() < HISTORY) {
        String item = SyntheticInteractions.item(random.nextInt(items));
        if (model.knows(item)) {
          history.add(new WeightedItem(item, 1.0 / (1 + history.size())));
        }
      }
      histories.add(history);
    }
    double[] micros = new double[ANSWERS];
    long given = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < ANSWERS; i++) {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        given += model.behaviour(histories.get(i % histories.size()), 100).size();
        micros[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e3;
      }
    }
    double mean = Arrays.stream(micros).average().orElseThrow();
    Arrays.sort(micros);
    out.printf(
        Locale.ROOT,
        "%s: behaviour of a history of %d items, %.0f candidates given: %.0f CPU-us on average, p50 %.0f, p99"
            + " %.0f%n",
        name,
        HISTORY,
        given / 2.0 / ANSWERS,
        mean,
        micros[ANSWERS / 2],
        micros[ANSWERS * 99 / 100]);
    return mean;
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static String peakMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "unknown on this system";
    }
    return Files.readAllLines(status).stream()
        .filter(l -> l.startsWith("VmHWM"))
        .findFirst()
        .orElse("unknown");
  }
}
