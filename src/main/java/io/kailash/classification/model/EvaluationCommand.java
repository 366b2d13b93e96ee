package io.kailash.classification.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Trains on one file, judges on another and prints what came out: quality beside that of a plain
 * baseline, throughput, size. Settings are system properties; {@code mvn -Pevaluate -Dtrain=…
 * -Dtest=…} calls it.
 *
 * <p>{@code train}, {@code test}: the files. {@code fields.title}, {@code fields.brand}, {@code
 * fields.description}, {@code fields.supplierCategory}, {@code fields.url}: names of the fields.
 * {@code fields.labels}: one field with a path (its names parted by {@code labels.separator}) or
 * one field per level, parted by commas. {@code structure}: automatic, flat or tree. {@code seed},
 * {@code threads}, {@code folds}, {@code weights} (most of them in the model). {@code baseline}:
 * false leaves the baseline out. {@code measured}: items classified to measure throughput, after
 * half as many to warm up. {@code model}, {@code json}: files to write model and figures to.
 */
public final class EvaluationCommand {

  private static final int MEASURED_ITEMS = 120_000;

  private final Properties settings;
  private final Clock clock;
  private final PrintStream out;

  EvaluationCommand(Properties settings, Clock clock, PrintStream out) {
    this.settings = settings;
    this.clock = clock;
    this.out = out;
  }

  /**
   * Runs the command. Ends with exit code 2 and one line on the error stream if the settings or
   * files cannot be used.
   *
   * @param arguments none are read
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      new EvaluationCommand(System.getProperties(), Clock.systemUTC(), out).run();
    } catch (IOException | IllegalArgumentException | TooFewExamplesException e) {
      new PrintStream(System.err, true, StandardCharsets.UTF_8)
          .println("evaluate: " + e.getMessage());
      System.exit(2);
    }
  }

  void run() throws IOException {
    LabelledFile.Fields fields =
        new LabelledFile.Fields(
            setting("fields.title", "title"),
            setting("fields.brand", "brand"),
            setting("fields.description", "description"),
            setting("fields.supplierCategory", "supplier_category"),
            setting("fields.url", "url"),
            Arrays.asList(setting("fields.labels", "category").split(",", -1)),
            setting("labels.separator", " > "));
    Map<String, CategoryTree.Category> categories = LabelledFile.noCategories();
    List<Example> train = read("train", fields, categories);
    int trainCategories = categories.size();
    List<Example> test = read("test", fields, categories);
    CategoryTree tree = CategoryTree.of(categories.values());
    TrainingOptions options =
        TrainingOptions.defaults()
            .withSeed(number("seed", 1))
            .withThreads((int) number("threads", Runtime.getRuntime().availableProcessors()))
            .withFolds((int) number("folds", TrainingOptions.defaults().folds()))
            .withMaxWeights((int) number("weights", TrainingOptions.defaults().maxWeights()))
            .withStructure(structure());

    print("machine      %s", machine());
    print("train        %d examples, %d categories at all levels", train.size(), trainCategories);
    print("test         %d examples", test.size());
    long start = System.nanoTime();
    long startCpu = processCpuNanos();
    TrainedModel trained =
        new Trainer(clock).train(tree, ExampleSource.of(train), options, TrainingProgress.silent());
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (processCpuNanos() - startCpu) / 1e9;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    trained.model().write(file);
    if (!setting("model", "").isBlank()) {
      Files.write(Path.of(setting("model", "")), file.toByteArray());
    }
    ClassifierModel model = trained.model();
    ModelDescription description = model.description();
    print(
        "training     %.1f s, %.1f CPU-s, %d threads, %s, C %s, %d folds, seed %d",
        seconds,
        cpuSeconds,
        options.threads(),
        description.structure().name().toLowerCase(Locale.ROOT),
        options.regularisation(),
        options.folds(),
        options.seed());
    print(
        "model        %d categories, %d features, %d weights, file of %d bytes",
        description.categoryCount(),
        description.featureCount(),
        description.weightCount(),
        file.size());
    QualityReport quality = Evaluation.of(model, test.stream());
    print("");
    out.print(quality.table());
    print("");
    QualityReport baseline = null;
    print("%-58s %9s %9s %9s", "compared", "mean wF1", "acc at 1", "macro F1");
    printRow("this model", quality);
    printRow("this model, held out of the training file", trained.heldOut());
    if (Boolean.parseBoolean(setting("baseline", "true"))) {
      baseline = TitleBaseline.measure(tree, train, test, options);
      printRow("baseline: linear SVM, title, words 1-2 and characters 3-5", baseline);
    }
    print("");
    double allFields = perCpuSecond(model, test.stream().map(Example::item).toList());
    double titles =
        perCpuSecond(model, test.stream().map(e -> ItemText.ofTitle(e.item().title())).toList());
    print(
        "throughput   one thread, warmed by %d items: %.0f items per CPU-second, %.0f titles per CPU-second",
        number("measured", MEASURED_ITEMS) / 2, allFields, titles);
    if (!setting("json", "").isBlank()) {
      Figures figures =
          new Figures(
              quality, trained.heldOut(), baseline, cpuSeconds, allFields, titles, file.size());
      Files.write(
          Path.of(setting("json", "")),
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(figures));
    }
  }

  /** What goes into the file of figures. */
  private record Figures(
      QualityReport test,
      QualityReport heldOut,
      QualityReport baseline,
      double trainingCpuSeconds,
      double itemsPerCpuSecond,
      double titlesPerCpuSecond,
      long modelBytes) {}

  private List<Example> read(
      String name, LabelledFile.Fields fields, Map<String, CategoryTree.Category> categories)
      throws IOException {
    String file = setting(name, "");
    if (file.isBlank()) {
      throw new IllegalArgumentException(
          "the setting " + name + " must name a file: -D" + name + "=…");
    }
    List<Example> examples;
    try {
      examples = new LabelledFile(Path.of(file), fields).read(categories);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "the setting " + name + " names a file that does not exist: " + file, e);
    }
    if (examples.isEmpty()) {
      throw new IOException(file + ": has no rows");
    }
    return examples;
  }

  private double perCpuSecond(ClassifierModel model, List<ItemText> items) {
    double sink = 0;
    int at = 0;
    long measured = number("measured", MEASURED_ITEMS);
    for (long i = 0; i < measured / 2; i++) {
      sink += model.classify(items.get(at++ % items.size()), 5).confidence();
    }
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (long i = 0; i < measured; i++) {
      sink += model.classify(items.get(at++ % items.size()), 5).confidence();
    }
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("a confidence is not a number");
    }
    return measured / (nanos / 1e9);
  }

  /** CPU time of this process, of all its threads; 0 where the system does not tell. */
  private static long processCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "%d processors, %s, %s %s, heap of at most %d MB",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        System.getProperty("java.vm.name"),
        System.getProperty("java.version"),
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private void printRow(String name, QualityReport report) {
    print(
        "%-58s %9.4f %9.4f %9.4f",
        name, report.meanWeightedF1(), report.accuracyAt1(), report.macroF1());
  }

  private TrainingOptions.Structure structure() {
    String value = setting("structure", "automatic");
    for (TrainingOptions.Structure structure : TrainingOptions.Structure.values()) {
      if (structure.name().equalsIgnoreCase(value)) {
        return structure;
      }
    }
    throw new IllegalArgumentException(
        "the setting structure must be automatic, flat or tree, not " + value);
  }

  private long number(String name, long otherwise) {
    String value = setting(name, "");
    if (value.isBlank()) {
      return otherwise;
    }
    try {
      return Long.parseLong(value.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the setting " + name + " must be a whole number, not " + value, e);
    }
  }

  private String setting(String name, String otherwise) {
    String value = settings.getProperty(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
