package io.kailash.classification.model;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;

/** Learns a {@link ClassifierModel} from labelled items. */
public final class Trainer {

  private static final int MOST_COUNTED_FEATURES = 9_000_000;
  private static final int TEMPERATURE_SAMPLE = 3_000;

  /**
   * Up to so many examples every feature counts; beyond, one that occurs once is more likely noise
   * and costs memory.
   */
  private static final int KEEP_SINGLE_FEATURES_UP_TO = 50_000;

  static final float[] BLOCK_WEIGHTS = {1, 0.6f, 0.5f, 0.5f, 0.7f};
  static final float INNER_WEIGHT = 0.3f;

  private final Clock clock;

  /**
   * A trainer.
   *
   * @param clock tells when a training ended, for the model's description
   */
  public Trainer(Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Trains a model. Takes seconds to an hour, and runs {@link TrainingOptions#threads()} threads.
   *
   * <p>Quality and calibration come from examples that the measured model had not seen: by
   * cross-validation, after which the model learns from all examples; or, above {@link
   * TrainingOptions#foldsLimit()}, from one held-out part that the model never learns from.
   * Examples with the same words in the title are always in the same part.
   *
   * @param tree the categories
   * @param examples read twice; examples whose category is not in the tree are skipped and counted
   * @param options how to train
   * @param progress told how far it is
   * @return the model and its measured quality
   * @throws TooFewExamplesException if fewer than two categories have examples
   * @throws TrainingCancelledException if {@code progress} asked to stop
   */
  public TrainedModel train(
      CategoryTree tree,
      ExampleSource examples,
      TrainingOptions options,
      TrainingProgress progress) {
    return new Training(tree, examples, options, progress).run();
  }

  private final class Training {

    private final CategoryTree tree;
    private final ExampleSource examples;
    private final TrainingOptions options;
    private final TrainingProgress progress;

    private int count;
    private long skipped;
    private int[] labels = new int[1024];
    private int[] titleHashes = new int[1024];
    private String dataDigest;
    private Vocabulary vocabulary;
    private SparseRows rows;
    private int[] classes;
    private int[] classOfRow;
    private LabelTree labelTree;
    private boolean flat;
    private double reported;

    Training(
        CategoryTree tree,
        ExampleSource examples,
        TrainingOptions options,
        TrainingProgress progress) {
      this.tree = tree;
      this.examples = examples;
      this.options = options;
      this.progress = progress;
    }

    TrainedModel run() {
      countFeatures();
      chooseClasses();
      makeRows();
      int folds = count <= options.foldsLimit() ? options.folds() : 1;
      boolean last = folds == 1;
      int parts = last ? (int) Math.max(2, Math.round(1 / options.heldOutShare())) : folds;
      int[] part = new int[count];
      for (int row = 0; row < count; row++) {
        long mixed =
            (titleHashes[row] + options.seed() * 0x9E3779B97F4A7C15L) * 0xD6E8FEB86659FD93L;
        part[row] = (int) Math.floorMod(mixed >>> 20, (long) parts);
      }
      if (last) {
        limitHeldOut(part);
      }
      LinearTrainer trainer =
          new LinearTrainer(rows, classOfRow, vocabulary.weights, labelTree, flat, options);
      float temperature = 0;
      float[] raw = new float[count];
      int[] answers = new int[count];
      boolean[] amongThree = new boolean[count];
      boolean[] judged = new boolean[count];
      LinearWeights weights = null;
      double share = 0.8 / (last ? 1 : folds + 1);
      for (int fold = 0; fold < folds; fold++) {
        boolean[] learnt = new boolean[count];
        int learntCount = 0;
        for (int row = 0; row < count; row++) {
          learnt[row] = part[row] != fold;
          learntCount += learnt[row] ? 1 : 0;
        }
        if (learntCount == 0 || learntCount == count) {
          continue;
        }
        weights =
            train(
                trainer,
                learnt,
                "training part " + (fold + 1) + " of " + folds,
                0.15 + fold * share,
                share);
        Scorer scorer = scorer(weights);
        boolean[] known = knownFeatures(learnt);
        if (temperature == 0) {
          temperature = fitTemperature(scorer, learnt, known);
        }
        judge(scorer, temperature, learnt, known, raw, answers, amongThree, judged);
      }
      if (!last || weights == null) {
        boolean[] all = new boolean[count];
        Arrays.fill(all, true);
        weights = train(trainer, all, "training on all examples", 0.15 + folds * share, share);
      }
      if (temperature == 0) {
        temperature = 3;
      }
      at("measuring", 0.96);
      IsotonicCalibration calibration = calibration(judged, raw, answers, -1);
      QualityReport quality = quality(judged, raw, answers, amongThree);
      ModelDescription description =
          new ModelDescription(
              ModelFile.VERSION,
              clock.instant(),
              tree.digest(),
              dataDigest,
              count,
              skipped,
              classes.length,
              flat ? TrainingOptions.Structure.FLAT : TrainingOptions.Structure.TREE,
              vocabulary.size(),
              weights.count(),
              quality);
      ClassifierModel model =
          new ClassifierModel(
              new ModelParts(
                  description,
                  tree,
                  classes,
                  classCounts(),
                  labelTree,
                  vocabulary,
                  weights,
                  BLOCK_WEIGHTS,
                  INNER_WEIGHT,
                  temperature,
                  calibration,
                  options.beamWidth(),
                  options.backOffThreshold(),
                  options.maxTextChars(),
                  options.maxDescriptionChars()));
      at("done", 1);
      return new TrainedModel(model, quality);
    }

    private void countFeatures() {
      at("counting features", 0);
      FeatureCounts counts = new FeatureCounts(MOST_COUNTED_FEATURES);
      FeatureReader reader =
          new FeatureReader(options.maxTextChars(), options.maxDescriptionChars());
      MessageDigest sha = CategoryTree.sha256();
      try (Stream<Example> stream = examples.open()) {
        stream
            .sequential()
            .forEach(
                example -> {
                  int category = tree.indexOrMinusOne(example.categoryCode());
                  if (category < 0) {
                    skipped++;
                    return;
                  }
                  if (count == labels.length) {
                    labels = Arrays.copyOf(labels, count * 2);
                    titleHashes = Arrays.copyOf(titleHashes, count * 2);
                  }
                  labels[count] = category;
                  reader.read(example.item());
                  counts.add(reader);
                  titleHashes[count] = titleHash(reader);
                  count++;
                  digest(sha, example);
                  if ((count & 1023) == 0) {
                    at("counting features", 0);
                  }
                });
      }
      dataDigest = HexFormat.of().formatHex(sha.digest());
      vocabulary =
          counts.vocabulary(count <= KEEP_SINGLE_FEATURES_UP_TO ? 1 : 2, options.maxFeatures());
    }

    private void chooseClasses() {
      boolean[] labelled = new boolean[tree.size()];
      int labelledCount = 0;
      for (int row = 0; row < count; row++) {
        if (!labelled[labels[row]]) {
          labelled[labels[row]] = true;
          labelledCount++;
        }
      }
      if (labelledCount < 2) {
        throw new TooFewExamplesException(count, labelledCount);
      }
      classes = new int[labelledCount];
      int[] classAt = new int[tree.size()];
      int next = 0;
      for (int category = 0; category < labelled.length; category++) {
        if (labelled[category]) {
          classAt[category] = next;
          classes[next++] = category;
        }
      }
      classOfRow = new int[count];
      for (int row = 0; row < count; row++) {
        classOfRow[row] = classAt[labels[row]];
      }
      flat =
          switch (options.structure()) {
            case FLAT -> true;
            case TREE -> false;
            case AUTOMATIC -> labelledCount <= options.flatLimit();
          };
      labelTree = LabelTree.along(tree, classes);
      if (labelTree.size() > LinearWeights.MOST_NODES) {
        throw new IllegalArgumentException(
            "the categories need "
                + labelTree.size()
                + " decisions; a model holds at most "
                + LinearWeights.MOST_NODES);
      }
    }

    private void makeRows() {
      at("reading examples", 0.08);
      rows = new SparseRows();
      ItemVectors vectors =
          new ItemVectors(
              new FeatureReader(options.maxTextChars(), options.maxDescriptionChars()),
              vocabulary,
              BLOCK_WEIGHTS);
      int[] columns = new int[FeatureReader.MAX_FEATURES_PER_ITEM + 1];
      float[] values = new float[FeatureReader.MAX_FEATURES_PER_ITEM + 1];
      try (Stream<Example> stream = examples.open()) {
        stream
            .sequential()
            .forEach(
                example -> {
                  if (tree.indexOrMinusOne(example.categoryCode()) < 0 || rows.rows() == count) {
                    return;
                  }
                  vectors.make(example.item());
                  int length = vectors.length();
                  System.arraycopy(vectors.features(), 0, columns, 0, length);
                  System.arraycopy(vectors.values(), 0, values, 0, length);
                  columns[length] = vocabulary.size();
                  values[length] = LinearTrainer.BIAS_INPUT;
                  rows.add(columns, values, length + 1);
                  if ((rows.rows() & 1023) == 0) {
                    at("reading examples", 0.08);
                  }
                });
      }
      if (rows.rows() != count) {
        throw new IllegalStateException(
            "the source gave "
                + count
                + " examples at the first reading and "
                + rows.rows()
                + " at the second");
      }
    }

    private void limitHeldOut(int[] part) {
      int held = 0;
      for (int row = 0; row < count; row++) {
        if (part[row] == 0 && ++held > options.heldOutLimit()) {
          part[row] = 1;
        }
      }
    }

    private LinearWeights train(
        LinearTrainer trainer, boolean[] learnt, String phase, double from, double share) {
      at(phase, from);
      return trainer.train(
          learnt, phase, done -> at(phase, from + share * done), progress::cancelled);
    }

    private Scorer scorer(LinearWeights weights) {
      ItemVectors none = new ItemVectors(null, vocabulary, BLOCK_WEIGHTS);
      return new Scorer(
          weights,
          none,
          new ClassProbabilities(labelTree, flat, INNER_WEIGHT, options.beamWidth()));
    }

    private boolean[] knownFeatures(boolean[] learnt) {
      boolean[] known = new boolean[vocabulary.size() + 1];
      for (int row = 0; row < count; row++) {
        if (learnt[row]) {
          int[] columns = rows.columns(row);
          for (int at = rows.start(row), end = rows.end(row); at < end; at++) {
            known[columns[at]] = true;
          }
        }
      }
      return known;
    }

    private float fitTemperature(Scorer scorer, boolean[] learnt, boolean[] known) {
      double bestLoss = Double.POSITIVE_INFINITY;
      float best = 3;
      for (float temperature = 1; temperature < 20; temperature *= 1.15f) {
        double loss = 0;
        int seen = 0;
        for (int row = 0; row < count && seen < TEMPERATURE_SAMPLE; row++) {
          if (learnt[row]) {
            continue;
          }
          seen++;
          scorer.scoreHeldOut(rows, row, known, temperature);
          float p = 1e-6f;
          for (int i = 0; i < scorer.answer.count; i++) {
            if (scorer.answer.classes[i] == classOfRow[row]) {
              p = Math.max(p, scorer.answer.probabilities[i]);
            }
          }
          loss -= StrictMath.log(p);
        }
        if (loss < bestLoss) {
          bestLoss = loss;
          best = temperature;
        }
        cancelIfAsked("calibrating");
      }
      return best;
    }

    private void judge(
        Scorer scorer,
        float temperature,
        boolean[] learnt,
        boolean[] known,
        float[] raw,
        int[] answers,
        boolean[] amongThree,
        boolean[] judged) {
      for (int row = 0; row < count; row++) {
        if (learnt[row]) {
          continue;
        }
        scorer.scoreHeldOut(rows, row, known, temperature);
        ClassProbabilities answer = scorer.answer;
        float truth = -1;
        int best = 0;
        for (int i = 0; i < answer.count; i++) {
          if (answer.probabilities[i] > answer.probabilities[best]) {
            best = i;
          }
          if (answer.classes[i] == classOfRow[row]) {
            truth = answer.probabilities[i];
          }
        }
        int above = 0;
        for (int i = 0; i < answer.count; i++) {
          above += answer.probabilities[i] > truth ? 1 : 0;
        }
        judged[row] = true;
        raw[row] = answer.probabilities[best];
        answers[row] = answer.classes[best];
        amongThree[row] = truth >= 0 && above < 3;
      }
    }

    /** Fits on what was judged, leaving out the rows of one of two halves (or of none, -1). */
    private IsotonicCalibration calibration(
        boolean[] judged, float[] raw, int[] answers, int leftOutHalf) {
      float[] fitted = new float[count];
      boolean[] right = new boolean[count];
      int n = 0;
      for (int row = 0; row < count; row++) {
        if (judged[row] && (leftOutHalf < 0 || half(row) != leftOutHalf)) {
          fitted[n] = raw[row];
          right[n++] = answers[row] == classOfRow[row];
        }
      }
      return IsotonicCalibration.fit(Arrays.copyOf(fitted, n), Arrays.copyOf(right, n));
    }

    private int half(int row) {
      return (titleHashes[row] * 0x9E3779B9) >>> 31;
    }

    /**
     * Quality with confidences calibrated on the other half, so that no example calibrates itself.
     */
    private QualityReport quality(
        boolean[] judged, float[] raw, int[] answers, boolean[] amongThree) {
      IsotonicCalibration[] halves = {
        calibration(judged, raw, answers, 0), calibration(judged, raw, answers, 1)
      };
      QualityTally tally = new QualityTally(tree);
      for (int row = 0; row < count; row++) {
        if (judged[row]) {
          tally.add(
              tree.code(labels[row]),
              tree.code(classes[answers[row]]),
              amongThree[row],
              halves[half(row)].apply(raw[row]));
        }
      }
      return tally.report();
    }

    private int[] classCounts() {
      int[] counts = new int[classes.length];
      for (int c : classOfRow) {
        counts[c]++;
      }
      return counts;
    }

    private void at(String phase, double fraction) {
      cancelIfAsked(phase);
      synchronized (this) {
        reported = Math.max(reported, Math.min(1, fraction));
        progress.at(phase, reported);
      }
    }

    private void cancelIfAsked(String phase) {
      if (progress.cancelled()) {
        throw new TrainingCancelledException(phase);
      }
    }
  }

  private static int titleHash(FeatureReader reader) {
    long sum = 0;
    for (int i = 0; i < reader.count(); i++) {
      if (reader.kind(i) == FeatureReader.TITLE_WORD) {
        sum += reader.hash(i) * 0x9E3779B97F4A7C15L;
      }
    }
    return (int) (sum >>> 16);
  }

  private static void digest(MessageDigest sha, Example example) {
    ItemText item = example.item();
    CategoryTree.updateText(sha, example.categoryCode());
    CategoryTree.updateText(sha, item.title());
    CategoryTree.updateText(sha, item.brand() == null ? "" : item.brand());
    CategoryTree.updateText(sha, item.description() == null ? "" : item.description());
    CategoryTree.updateText(sha, item.supplierCategory() == null ? "" : item.supplierCategory());
    CategoryTree.updateText(sha, item.url() == null ? "" : item.url());
  }
}
