package io.kailash.classification.model;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Titles classified a second by one thread: 400 categories flat, and a label tree of 10 000. Run by
 * {@code mvn -Pbenchmark}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ClassifierBenchmark {

  /** Leaves of the tree. */
  @Param({"400", "10000"})
  public int leaves;

  private ClassifierModel model;
  private List<ItemText> titles;
  private int next;

  /** Trains on 30 made-up titles a leaf. */
  @Setup(Level.Trial)
  public void train() {
    SyntheticCatalog catalog =
        new SyntheticCatalog(SyntheticCatalog.tree(leaves), leaves * 30L, 0.02, 7);
    model =
        new Trainer(Clock.systemUTC())
            .train(
                catalog.tree(),
                catalog,
                TrainingOptions.defaults().withFolds(1),
                TrainingProgress.silent())
            .model();
    titles = catalog.heldOut(10_000).stream().map(Example::item).toList();
  }

  /**
   * One title, five alternatives.
   *
   * @return the answer, so that it is not optimised away
   */
  @Benchmark
  public Prediction classify() {
    next = next + 1 < titles.size() ? next + 1 : 0;
    return model.classify(titles.get(next), 5);
  }
}
