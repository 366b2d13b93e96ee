package io.kailash.classification.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The plain method every other one has to beat: one linear support vector machine per category (L2
 * loss, C = 1, with bias) on tf-idf of the title's word 1-2-grams and character 3-5-grams. Without
 * other fields, hierarchy, pruning or rounding; nothing is kept but the answers.
 */
final class TitleBaseline {
  private static final int LONGEST_PART = 5;

  private static final float BIAS_INPUT = 1;
  private static final int MOST_EPOCHS = 100;
  private static final double COST = 1;

  private TitleBaseline() {}

  static QualityReport measure(
      CategoryTree tree, List<Example> train, List<Example> test, TrainingOptions options) {
    FeatureReader reader = new FeatureReader(options.maxTextChars(), 0, LONGEST_PART);
    FeatureCounts counts = new FeatureCounts(Integer.MAX_VALUE);
    for (Example example : train) {
      reader.read(titleOf(example));
      counts.add(reader);
    }
    Vocabulary vocabulary = counts.vocabulary(1, Integer.MAX_VALUE);
    ItemVectors vectors = new ItemVectors(reader, vocabulary, new float[] {1, 0, 0, 0, 0});
    SparseRows trainRows = rows(train, vectors, vocabulary.size());
    SparseRows testRows = rows(test, vectors, vocabulary.size());
    String[] classes =
        train.stream().map(Example::categoryCode).distinct().sorted().toArray(String[]::new);
    int[] classOfRow =
        train.stream().mapToInt(e -> Arrays.binarySearch(classes, e.categoryCode())).toArray();
    int[] all = IntStream.range(0, trainRows.rows()).toArray();
    DualCoordinateDescent solver = new DualCoordinateDescent(trainRows);
    boolean[] columns = new boolean[vocabulary.size() + 1];
    Arrays.fill(columns, true);
    float[] weights = new float[vocabulary.size() + 1];
    boolean[] positive = new boolean[all.length];
    float[][] best = new float[3][test.size()];
    int[][] bestClass = new int[3][test.size()];
    for (float[] scores : best) {
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    }
    for (int c = 0; c < classes.length; c++) {
      for (int row = 0; row < all.length; row++) {
        positive[row] = classOfRow[row] == c;
      }
      Arrays.fill(weights, 0);
      solver.solve(
          new DualCoordinateDescent.Problem(
              all, all.length, positive, columns, COST, MOST_EPOCHS, options.seed() + c),
          null,
          weights);
      for (int row = 0; row < test.size(); row++) {
        insert(best, bestClass, row, testRows.dot(row, weights), c);
      }
    }
    QualityTally tally = new QualityTally(tree);
    for (int row = 0; row < test.size(); row++) {
      String truth = test.get(row).categoryCode();
      boolean amongThree = false;
      for (int rank = 0; rank < 3; rank++) {
        amongThree |=
            best[rank][row] > Float.NEGATIVE_INFINITY
                && classes[bestClass[rank][row]].equals(truth);
      }
      // A support vector machine gives no probability: the confidence is left at 1 and not judged.
      tally.add(truth, classes[bestClass[0][row]], amongThree, 1);
    }
    return tally.report();
  }

  private static ItemText titleOf(Example example) {
    return ItemText.ofTitle(example.item().title());
  }

  private static SparseRows rows(List<Example> examples, ItemVectors vectors, int biasColumn) {
    SparseRows rows = new SparseRows();
    for (Example example : examples) {
      vectors.make(titleOf(example));
      int length = vectors.length();
      int[] columns = Arrays.copyOf(vectors.features(), length + 1);
      float[] values = Arrays.copyOf(vectors.values(), length + 1);
      columns[length] = biasColumn;
      values[length] = BIAS_INPUT;
      rows.add(columns, values, length + 1);
    }
    return rows;
  }

  private static void insert(float[][] best, int[][] bestClass, int row, float score, int c) {
    float insertedScore = score;
    int inserted = c;
    for (int rank = 0; rank < best.length; rank++) {
      if (insertedScore > best[rank][row]) {
        float pushedScore = best[rank][row];
        int pushed = bestClass[rank][row];
        best[rank][row] = insertedScore;
        bestClass[rank][row] = inserted;
        insertedScore = pushedScore;
        inserted = pushed;
      }
    }
  }
}
