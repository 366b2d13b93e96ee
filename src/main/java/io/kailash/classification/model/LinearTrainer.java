package io.kailash.classification.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * Trains the scores of all nodes of a {@link LabelTree}, one two-class problem after the other on
 * several threads. Flat: a node's items against all others. Tree: a node's items against those of
 * its siblings, so that the work is the number of items times depth times branching instead of
 * items times classes.
 */
final class LinearTrainer {

  static final float BIAS_INPUT = 0.3f;
  private static final int MOST_EPOCHS = 40;

  /** Beyond so many rows one pass brings many steps, and later passes little. */
  private static final int LARGE_PROBLEM = 200_000;

  private static final int MOST_EPOCHS_OF_LARGE = 8;
  private static final int WEIGHTS_PER_NODE = 450;

  /**
   * Rows times nodes up to which the chosen weights are fitted once more. Beyond, the dual
   * solutions to start from would take too much memory (four bytes each), and a second pass too
   * much time.
   */
  private static final long REFIT_LIMIT = 20_000_000;

  /** How much of the work the first pass is; the second starts near its end. */
  private static final double FIRST_SHARE = 0.7;

  private final SparseRows data;
  private final int[] classOfRow;
  private final float[] featureWeights;
  private final LabelTree tree;
  private final boolean flat;
  private final TrainingOptions options;

  /**
   * A trainer.
   *
   * @param data one row per example; the last column, after those of the features, is the bias
   *     input
   */
  LinearTrainer(
      SparseRows data,
      int[] classOfRow,
      float[] featureWeights,
      LabelTree tree,
      boolean flat,
      TrainingOptions options) {
    this.data = data;
    this.classOfRow = classOfRow;
    this.featureWeights = featureWeights;
    this.tree = tree;
    this.flat = flat;
    this.options = options;
  }

  /**
   * Trains on some of the rows.
   *
   * @param takesPart for each row
   * @param phase for the exception of a cancelled training
   * @param progress told the share of problems solved
   * @param cancelled asked before each problem
   */
  LinearWeights train(
      boolean[] takesPart, String phase, DoubleConsumer progress, BooleanSupplier cancelled) {
    int nodes = tree.size();
    // Rows ordered by the position of their class in the tree, so that the rows of a node are one
    // range.
    int[] position = new int[tree.endOfClass.length];
    int[] firstClass = new int[nodes];
    int[] lastClass = new int[nodes];
    number(0, new int[1], position, firstClass, lastClass);
    int[] perPosition = new int[position.length + 1];
    for (int row = 0; row < classOfRow.length; row++) {
      if (takesPart[row]) {
        perPosition[position[classOfRow[row]] + 1]++;
      }
    }
    for (int i = 0; i < position.length; i++) {
      perPosition[i + 1] += perPosition[i];
    }
    int[] fill = Arrays.copyOf(perPosition, position.length);
    int[] rows = new int[perPosition[position.length]];
    for (int row = 0; row < classOfRow.length; row++) {
      if (takesPart[row]) {
        rows[fill[position[classOfRow[row]]]++] = row;
      }
    }

    WeightCollector collector =
        new WeightCollector(
            nodes, Math.max(options.maxWeights(), WEIGHTS_PER_NODE * nodes), featureWeights);
    // The largest problems first, so that no thread is left with one at the end.
    Integer[] order = new Integer[nodes - 1];
    for (int node = 1; node < nodes; node++) {
      order[node - 1] = node;
    }
    Arrays.sort(
        order,
        (a, b) ->
            Integer.compare(
                width(b, perPosition, firstClass, lastClass),
                width(a, perPosition, firstClass, lastClass)));
    boolean refit = (long) rows.length * nodes <= REFIT_LIMIT;
    Pass pass = new Pass(rows, perPosition, firstClass, lastClass, order, collector);
    pass.duals = refit ? new float[nodes][] : null;
    DoubleConsumer half = done -> progress.accept(done * FIRST_SHARE);
    pass.run(false, phase, refit ? half : progress, cancelled);
    collector.choose();
    if (refit) {
      pass.run(
          true, phase, done -> progress.accept(FIRST_SHARE + done * (1 - FIRST_SHARE)), cancelled);
    }
    return collector.finish();
  }

  /** One problem for each node, solved on all threads. */
  private final class Pass {
    private final int[] rows;
    private final int[] perPosition;
    private final int[] firstClass;
    private final int[] lastClass;
    private final Integer[] order;
    private final WeightCollector collector;

    /** Dual solutions of the first pass, where a second is to start from them. */
    private float[][] duals;

    Pass(
        int[] rows,
        int[] perPosition,
        int[] firstClass,
        int[] lastClass,
        Integer[] order,
        WeightCollector collector) {
      this.rows = rows;
      this.perPosition = perPosition;
      this.firstClass = firstClass;
      this.lastClass = lastClass;
      this.order = order;
      this.collector = collector;
    }

    void run(boolean refit, String phase, DoubleConsumer progress, BooleanSupplier cancelled) {
      AtomicInteger nextProblem = new AtomicInteger();
      AtomicInteger solved = new AtomicInteger();
      onAllThreads(
          () -> {
            Solving solving = new Solving();
            int taken;
            while ((taken = nextProblem.getAndIncrement()) < order.length) {
              if (cancelled.getAsBoolean()) {
                throw new TrainingCancelledException(phase);
              }
              solving.solve(order[taken], refit);
              progress.accept(solved.incrementAndGet() / (double) order.length);
            }
          });
    }

    /** One thread's buffers. */
    private final class Solving {
      private final DualCoordinateDescent solver = new DualCoordinateDescent(data);
      private final float[] weights = new float[featureWeights.length + 1];
      private final boolean[] columns = new boolean[weights.length];
      private final boolean[] positive = new boolean[rows.length];
      private final int[] problem = new int[rows.length];

      void solve(int node, boolean refit) {
        int around = flat ? 0 : tree.parent[node];
        int from = perPosition[firstClass[around]];
        int count = perPosition[lastClass[around]] - from;
        int positiveFrom = perPosition[firstClass[node]];
        int positiveTo = perPosition[lastClass[node]];
        if (positiveFrom == positiveTo || count == positiveTo - positiveFrom) {
          collector.takeBias(node, positiveFrom == positiveTo ? -1.2f : 1);
          return;
        }
        System.arraycopy(rows, from, problem, 0, count);
        Arrays.fill(positive, 0, count, false);
        Arrays.fill(positive, positiveFrom - from, positiveTo - from, true);
        Arrays.fill(weights, 0);
        Arrays.fill(columns, !refit);
        if (refit) {
          columns[featureWeights.length] = true;
          for (int feature : collector.chosen(node)) {
            columns[feature] = true;
          }
        }
        solver.solve(
            new DualCoordinateDescent.Problem(
                problem,
                count,
                positive,
                columns,
                options.regularisation(),
                count > LARGE_PROBLEM ? MOST_EPOCHS_OF_LARGE : MOST_EPOCHS,
                options.seed() * 1_000_003 + node),
            refit ? duals[node] : null,
            weights);
        if (refit) {
          collector.refit(node, weights, BIAS_INPUT);
        } else {
          collector.take(node, weights, BIAS_INPUT);
          if (duals != null) {
            duals[node] = solver.dual(count);
          }
        }
      }
    }
  }

  private static int width(int node, int[] perPosition, int[] firstClass, int[] lastClass) {
    return perPosition[lastClass[node]] - perPosition[firstClass[node]];
  }

  private void number(int node, int[] next, int[] position, int[] firstClass, int[] lastClass) {
    firstClass[node] = next[0];
    if (tree.classOf[node] >= 0) {
      position[tree.classOf[node]] = next[0]++;
    }
    for (int child : tree.children[node]) {
      number(child, next, position, firstClass, lastClass);
    }
    lastClass[node] = next[0];
  }

  private void onAllThreads(Runnable worker) {
    if (options.threads() == 1) {
      worker.run();
      return;
    }
    ExecutorService executor = Executors.newFixedThreadPool(options.threads());
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < options.threads(); i++) {
        futures.add(executor.submit(worker));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingCancelledException("an interrupted thread");
    } finally {
      executor.shutdownNow();
    }
  }
}
