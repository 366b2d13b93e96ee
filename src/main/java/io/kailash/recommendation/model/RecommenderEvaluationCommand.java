package io.kailash.recommendation.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Holds out the newest part of each user's history, trains on the rest and prints how well each
 * source and their fusion foretell what was held out. Settings are system properties; {@code mvn
 * -Pevaluate-recommender -Dinteractions=…} calls it.
 *
 * <p>{@code interactions}: the file, see {@link InteractionFile}. {@code fields.user}, {@code
 * fields.item}, {@code fields.value}, {@code fields.time}, {@code fields.kind}: names of the
 * fields, or numbers of columns from 1 on in a file without a header line. {@code separator}: one
 * character, or {@code tab}. {@code holdout}: share held out, 0.2. {@code options}: training
 * options that differ from the defaults, as {@code name=value} parted by commas. {@code threads}.
 * {@code model}, {@code json}: files to write model and figures to.
 *
 * <p>Interactions of the same time are ordered by item, so that the same data always give the same
 * parts. All known items that are not in the part learnt from are ranked. Nothing, weights
 * included, is learnt from what is held out.
 */
public final class RecommenderEvaluationCommand {

  private final Properties settings;
  private final Clock clock;
  private final PrintStream out;
  private final Map<String, RecommenderQuality> figures = new LinkedHashMap<>();

  RecommenderEvaluationCommand(Properties settings, Clock clock, PrintStream out) {
    this.settings = settings;
    this.clock = clock;
    this.out = out;
  }

  /**
   * Runs the command. Ends with exit code 2 and one line on the error stream if the settings or the
   * file cannot be used.
   *
   * @param arguments none are read
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      new RecommenderEvaluationCommand(System.getProperties(), Clock.systemUTC(), out).run();
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      new PrintStream(System.err, true, StandardCharsets.UTF_8)
          .println("evaluate-recommender: " + e.getMessage());
      System.exit(2);
    }
  }

  void run() throws IOException {
    RecommenderOptions options = options();
    double holdout = share();
    long startCpu = processCpuNanos();
    InteractionTable table = InteractionTable.read(source(), options, RecommenderProgress.silent());
    InteractionTable.Split split = table.split(holdout);
    InteractionTable older = split.older();
    int[] users = judged(split);
    print("machine      %s", machine());
    print(
        "data         %d interactions, %d users, %d items, %d pairs of user and item",
        table.read, table.users.length, table.items.length, table.pairs());
    print(
        "held out     the newest %s of each user's pairs: %d pairs of %d users; learnt from %d pairs",
        holdout, split.newerPairs(), users.length, older.pairs());
    if (users.length == 0) {
      throw new IllegalArgumentException("no user has enough history to hold any out");
    }
    long trainStart = System.nanoTime();
    long trainCpu = processCpuNanos();
    RecommenderTrainer.Learnt learnt =
        new RecommenderTrainer(clock)
            .learn(older, options, RecommenderProgress.silent(), Map.of(), true);
    double seconds = (System.nanoTime() - trainStart) / 1e9;
    double cpuSeconds = (processCpuNanos() - trainCpu) / 1e9;
    RecommenderModel model = learnt.model();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    model.write(file);
    if (!setting("model", "").isBlank()) {
      Files.write(Path.of(setting("model", "")), file.toByteArray());
    }
    print(
        "training     %.1f s, %.1f CPU-s, %d threads, seed %d; file of %d bytes, %d similarities",
        seconds,
        cpuSeconds,
        options.threads(),
        options.seed(),
        file.size(),
        model.description().neighbours());
    print(
        "tuned        recency offset %s, similarities %s, fusion %s",
        model.description().recencyOffset(),
        new TreeMap<>(model.description().similarityWeights()),
        model.weights());
    print("");
    print("%-58s %10s %10s %10s %10s", "", "Recall@20", "NDCG@10", "coverage", "novelty/bit");
    Workers workers = new Workers(options.threads(), RecommenderProgress.silent());
    baselines(split, users, options, workers);
    tuned(split, users, options, learnt, workers);
    row("held out of the part learnt from, as the model says", model.description().heldOut());
    print("");
    speed(model, split, users);
    print("whole run    %.1f CPU-s", (processCpuNanos() - startCpu) / 1e9);
    if (!setting("json", "").isBlank()) {
      Files.write(
          Path.of(setting("json", "")),
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(figures));
    }
  }

  /** Every interaction counts the same, however old and whatever its kind. */
  private void baselines(
      InteractionTable.Split split, int[] users, RecommenderOptions options, Workers workers) {
    InteractionTable plain = split.older().unweighted();
    int[] counts = plain.usersOfItems();
    float[] popularity = new float[counts.length];
    for (int i = 0; i < counts.length; i++) {
      popularity[i] = counts[i];
    }
    print("each interaction counts the same");
    measure(split, users, "  popularity", user -> popularity);
    HistoryWeights all = new HistoryWeights(Double.POSITIVE_INFINITY, Integer.MAX_VALUE);
    rows(
        split,
        users,
        "  item-kNN",
        CosineSimilarity.of(plain, null, true, options, workers),
        plain,
        all);
    if (options.factors() > 0) {
      FactorSimilarity factors =
          FactorSimilarity.learn(plain, options, options.factorIterations(), null, workers);
      measure(split, users, "  iALS (user factors times item factors)", factors::scoresOf);
    }
    if (plain.items.length <= options.easeItemLimit()) {
      EaseSimilarity.Weights ease =
          EaseSimilarity.weights(plain, 0, options.with(Map.of("pairsPerUser", "10000")), workers);
      float[] dense = new float[plain.items.length];
      measure(
          split,
          users,
          "  EASE",
          user -> {
            Arrays.fill(dense, 0);
            for (int e = plain.starts[user]; e < plain.starts[user + 1]; e++) {
              ease.addRow(plain.item[e], 1, dense);
            }
            return dense;
          });
    }
  }

  private void tuned(
      InteractionTable.Split split,
      int[] users,
      RecommenderOptions options,
      RecommenderTrainer.Learnt learnt,
      Workers workers) {
    InteractionTable older = split.older();
    RecommenderModel model = learnt.model();
    Similarities similarities = learnt.similarities();
    HistoryWeights history = model.parts().historyWeights();
    print("newer and stronger interactions count more, %d neighbours kept", options.neighbours());
    float[] popularity = RecommenderTrainer.popularity(older, options);
    measure(split, users, "  popularity with decay", user -> popularity);
    for (int s = 0; s < similarities.names.size(); s++) {
      rows(
          split, users, "  " + similarities.names.get(s), similarities.rows.get(s), older, history);
    }
    double[] weights = learnt.tuned().weights();
    double[] equal = new double[weights.length];
    Arrays.fill(equal, 1);
    Map<Source, Double> same = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      same.put(source, 1.0);
    }
    fusion(split, users, "fusion, equal weights", learnt, equal, same, options, workers);
    fusion(split, users, "fusion, tuned", learnt, weights, model.weights(), options, workers);
    for (int s = 0; s < weights.length; s++) {
      double[] without = weights.clone();
      without[s] = 0;
      if (Arrays.stream(without).sum() > 0) {
        fusion(
            split,
            users,
            "  without " + similarities.names.get(s),
            learnt,
            without,
            model.weights(),
            options,
            workers);
      }
    }
    Map<Source, Double> unpopular = new EnumMap<>(model.weights());
    unpopular.put(Source.POPULAR, 0.0);
    fusion(split, users, "  without popularity", learnt, weights, unpopular, options, workers);
  }

  private void fusion(
      InteractionTable.Split split,
      int[] users,
      String name,
      RecommenderTrainer.Learnt learnt,
      double[] weights,
      Map<Source, Double> fusion,
      RecommenderOptions options,
      Workers workers) {
    ModelParts parts = learnt.model().parts();
    RecommenderModel changed =
        new RecommenderModel(
            new ModelParts(
                parts.description(),
                parts.items(),
                learnt.similarities().merged(weights, options, workers),
                parts.popularItems(),
                parts.popularScores(),
                fusion,
                parts.historyLimit(),
                parts.strengths()));
    row(name, RecommenderTrainer.measure(changed, split, users, Map.of(), fusion));
  }

  private void rows(
      InteractionTable.Split split,
      int[] users,
      String name,
      SimilarityTable.Rows rows,
      InteractionTable table,
      HistoryWeights history) {
    float[] dense = new float[table.items.length];
    measure(
        split,
        users,
        name,
        user -> {
          Arrays.fill(dense, 0);
          int from = table.starts[user];
          double[] weights = history.weigh(table.strength, table.at, from, table.starts[user + 1]);
          for (int k = 0; k < weights.length; k++) {
            int row = table.item[from + k];
            if (weights[k] > 0 && rows.items[row] != null) {
              for (int n = 0; n < rows.items[row].length; n++) {
                dense[rows.items[row][n]] += (float) (weights[k] * rows.scores[row][n]);
              }
            }
          }
          return dense;
        });
  }

  private void measure(
      InteractionTable.Split split, int[] users, String name, IntFunction<float[]> scoresOf) {
    InteractionTable older = split.older();
    RankingTally tally = new RankingTally(older.usersOfItems(), older.users.length);
    boolean[] seen = new boolean[older.items.length];
    for (int user : users) {
      float[] scores = scoresOf.apply(user);
      for (int e = older.starts[user]; e < older.starts[user + 1]; e++) {
        seen[older.item[e]] = true;
      }
      RowScores ranked = new RowScores(scores.length);
      for (int i = 0; i < scores.length; i++) {
        if (scores[i] > 0 && !seen[i]) {
          ranked.add(i, scores[i], 0);
        }
      }
      tally.add(ranked.top(item -> false, RankingTally.RECALL_DEPTH), split.newer()[user]);
      for (int e = older.starts[user]; e < older.starts[user + 1]; e++) {
        seen[older.item[e]] = false;
      }
    }
    row(name, tally.quality());
  }

  private void speed(RecommenderModel model, InteractionTable.Split split, int[] users) {
    List<List<WeightedItem>> histories =
        Arrays.stream(users)
            .limit(2_000)
            .mapToObj(user -> Asked.of(model, split.older(), user).history())
            .toList();
    long items = histories.stream().mapToLong(List::size).sum();
    int rounds = Math.max(1, 10_000 / histories.size());
    int answered = 0;
    double nanos = 0;
    // The first rounds warm up and are not counted.
    for (int round = 0; round < 2 * rounds; round++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (List<WeightedItem> history : histories) {
        answered += model.behaviour(history, 100).size();
      }
      long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
      nanos += round < rounds ? 0 : taken;
    }
    print(
        "answers      %.0f CPU-microseconds for a history of %.0f items on average, 100 candidates"
            + " asked for, %.0f given",
        nanos / 1e3 / rounds / histories.size(),
        items / (double) histories.size(),
        answered / 2.0 / rounds / histories.size());
  }

  private static int[] judged(InteractionTable.Split split) {
    return java.util.stream.IntStream.range(0, split.newer().length)
        .filter(user -> split.newer()[user].length > 0)
        .toArray();
  }

  private void row(String name, RecommenderQuality quality) {
    figures.put(name.trim(), quality);
    print(
        "%-58s %10.4f %10.4f %10.4f %10.2f",
        name, quality.recallAt20(), quality.ndcgAt10(), quality.coverage(), quality.noveltyBits());
  }

  private InteractionSource source() throws IOException {
    String file = setting("interactions", "");
    if (file.isBlank()) {
      throw new IllegalArgumentException(
          "the setting interactions must name a file: -Dinteractions=…");
    }
    if (!Files.isReadable(Path.of(file))) {
      throw new IOException("the setting interactions names a file that cannot be read: " + file);
    }
    String separator = setting("separator", ",");
    char parted =
        separator.equalsIgnoreCase("tab") || separator.equals("\\t") ? '\t' : separator.charAt(0);
    if (separator.length() != 1 && parted != '\t') {
      throw new IllegalArgumentException(
          "the setting separator must be one character, or tab, not " + separator);
    }
    boolean numbered = setting("fields.user", "").matches("[0-9]+");
    InteractionFile.Fields standard = InteractionFile.Fields.standard();
    return new InteractionFile(
        Path.of(file),
        new InteractionFile.Fields(
            setting("fields.user", standard.user()),
            setting("fields.item", standard.item()),
            setting("fields.value", numbered ? "" : standard.value()),
            setting("fields.time", numbered ? "" : standard.time()),
            setting("fields.kind", numbered ? "" : standard.kind()),
            parted));
  }

  private RecommenderOptions options() {
    Map<String, String> changes = new TreeMap<>();
    changes.put("threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
    for (String change : setting("options", "").split(",", -1)) {
      if (!change.isBlank()) {
        int equals = change.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException(
              "the setting options must be name=value parted by commas, not " + change);
        }
        changes.put(change.substring(0, equals).trim(), change.substring(equals + 1).trim());
      }
    }
    if (!setting("threads", "").isBlank()) {
      changes.put("threads", setting("threads", ""));
    }
    return RecommenderOptions.defaults().with(changes);
  }

  private double share() {
    String value = setting("holdout", "0.2");
    try {
      double share = Double.parseDouble(value);
      if (share > 0 && share < 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the setting holdout must be a number, not " + value, e);
    }
    throw new IllegalArgumentException("the setting holdout must be between 0 and 1, not " + value);
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

  private String setting(String name, String otherwise) {
    String value = settings.getProperty(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
