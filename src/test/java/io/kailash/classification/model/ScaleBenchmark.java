package io.kailash.classification.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains on as many made-up items and categories as asked for, and prints time, memory, accuracy
 * and time per answer beside those of a model of 400 categories. Run by {@code mvn -Pscale};
 * settings are system properties: {@code items}, {@code leaves}, {@code tree} (a file of lines
 * {@code code : name > name > …} to take the categories from instead), {@code small.items}, {@code
 * threads}, {@code structure}.
 */
final class ScaleBenchmark {

  private static final int ANSWERS = 200_000;

  private ScaleBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int threads = Integer.getInteger("threads", 2);
    long items = Long.getLong("items", 1_000_000);
    String file = System.getProperty("tree", "");
    CategoryTree tree =
        file.isBlank()
            ? SyntheticCatalog.tree(Integer.getInteger("leaves", 10_000))
            : treeOf(Path.of(file));
    TrainingOptions options =
        TrainingOptions.defaults()
            .withThreads(threads)
            .withStructure(
                TrainingOptions.Structure.valueOf(
                    System.getProperty("structure", "AUTOMATIC").toUpperCase(Locale.ROOT)));
    double small =
        run("small", SyntheticCatalog.tree(400), Long.getLong("small.items", 40_000), options, out);
    double large = run("large", tree, items, options, out);
    out.printf(
        Locale.ROOT, "an answer takes %.2f times as long as with 400 categories%n", large / small);
    out.printf(Locale.ROOT, "most memory of the process: %s%n", peakMemory());
  }

  /** Microseconds of CPU per answer. */
  private static double run(
      String name, CategoryTree tree, long items, TrainingOptions options, PrintStream out)
      throws IOException {
    SyntheticCatalog catalog = new SyntheticCatalog(tree, items, 0.02, 7);
    long start = System.nanoTime();
    String[] phase = {""};
    TrainingProgress progress =
        new TrainingProgress() {
          @Override
          public synchronized void at(String now, double fraction) {
            if (!now.equals(phase[0])) {
              phase[0] = now;
              out.printf(
                  Locale.ROOT,
                  "  %6.1f s %3.0f %% %s%n",
                  (System.nanoTime() - start) / 1e9,
                  fraction * 100,
                  now);
            }
          }

          @Override
          public boolean cancelled() {
            return false;
          }
        };
    ClassifierModel model =
        new Trainer(Clock.systemUTC()).train(tree, catalog, options, progress).model();
    double minutes = (System.nanoTime() - start) / 60e9;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    List<Example> test = catalog.heldOut(20_000);
    QualityReport quality = Evaluation.of(model, test.stream());
    List<ItemText> titles = test.stream().map(Example::item).toList();
    double micros = 0;
    double sink = 0;
    for (int round = 0; round < 3; round++) {
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < ANSWERS; i++) {
        sink += model.classify(titles.get(i % titles.size()), 5).confidence();
      }
      micros =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e3 / ANSWERS;
    }
    ModelDescription description = model.description();
    out.printf(
        Locale.ROOT,
        "%s: %d items, %d learnt categories of %d, %s, trained in %.2f minutes; %d features, %d weights, file of %d"
            + " bytes; accuracy at 1 %.4f, at 3 %.4f, mean weighted F1 %.4f, calibration error %.4f; %.2f CPU-us an"
            + " answer (%.0f a CPU-second; %.3f)%n",
        name,
        items,
        description.categoryCount(),
        tree.size(),
        description.structure(),
        minutes,
        description.featureCount(),
        description.weightCount(),
        bytes.size(),
        quality.accuracyAt1(),
        quality.accuracyAt3(),
        quality.meanWeightedF1(),
        quality.expectedCalibrationError(),
        micros,
        1e6 / micros,
        sink / ANSWERS / 3);
    return micros;
  }

  private static CategoryTree treeOf(Path file) throws IOException {
    Map<String, String> codeOfPath = new HashMap<>();
    List<CategoryTree.Category> categories = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(" : ");
      if (line.startsWith("#") || colon < 0) {
        continue;
      }
      String code = line.substring(0, colon).trim();
      String path = line.substring(colon + 3).trim();
      int last = path.lastIndexOf(" > ");
      codeOfPath.put(path, code);
      categories.add(
          new CategoryTree.Category(
              code,
              last < 0 ? path : path.substring(last + 3),
              last < 0 ? null : codeOfPath.get(path.substring(0, last))));
    }
    return CategoryTree.of(categories);
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
