package io.kailash.classification;

import io.kailash.platform.CopyText;
import io.kailash.platform.WriteBehind;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** Writes decisions off the request. A decision is no acknowledged write; only feedback is. */
@Singleton
class DecisionLog {
  private static final WriteBehind.Table TABLE =
      new WriteBehind.Table(
          "decision",
          "id, at, taxonomy_id, model_id, category_code, confidence, leaf_code, leaf_confidence,"
              + " accepted, sku, title, brand, description, supplier_category, url, text_hash,"
              + " usefulness",
          "kailash_decisions",
          "Decisions of the classifier");

  private final ClassificationSettings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final DecisionNews news;
  private final WriteBehind<Decision> decisions;

  @Resource ManagedThreadFactory threads;

  @Inject
  DecisionLog(
      DataSource database,
      ClassificationSettings settings,
      Clock clock,
      RandomGenerator random,
      DecisionNews news,
      MetricRegistry figures) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.news = news;
    decisions =
        new WriteBehind<>(
            database, TABLE, settings.logCapacity(), settings.logBatch(), figures, this::write);
  }

  /** Takes note; never waits. */
  void add(Decision decision) {
    decisions.add(decision);
    news.tell(decision);
  }

  /** Takes note of one of many; waits for its turn as long as the log gets on. */
  void addInTurn(Decision decision) {
    decisions.addInTurn(decision);
    news.tell(decision);
  }

  /** Writes many in the caller's transaction. */
  void write(Connection connection, List<Decision> many) throws SQLException, IOException {
    decisions.write(connection, many);
  }

  void start() {
    decisions.start(threads);
  }

  private void write(Decision d, CopyText rows) {
    rows.value(d.id().toString())
        .value(d.at().toString())
        .value(d.taxonomyId())
        .value(d.modelId())
        .value(d.category())
        .value(d.confidence())
        .value(d.leaf())
        .value(d.leafConfidence())
        .value(d.accepted() ? "t" : "f")
        .value(d.sku())
        .value(d.text().title())
        .value(d.text().brand())
        .value(d.text().description())
        .value(d.text().supplierCategory())
        .value(d.text().url())
        .value(d.textHash())
        .value(usefulness(d))
        .end();
  }

  /**
   * How much a person's answer would teach: for an unsure decision one less its margin (margin
   * sampling, Scheffer, Decomain, Wrobel 2001); for a small random share of the sure ones a random
   * number, so that errors of sure decisions come to light; else nothing.
   */
  private Double usefulness(Decision decision) {
    if (!decision.accepted()) {
      return 1 - decision.margin();
    }
    return random.nextDouble() < settings.sampleShare() ? random.nextDouble() : null;
  }

  /** Removes decisions that are older than the retention. */
  void removeOld() {
    decisions.removeBefore(clock.instant().minus(settings.decisionRetention()));
  }

  /** Waits until everything noted so far is written, at most {@code millis}. */
  void settle(long millis) throws InterruptedException {
    decisions.settle(millis);
  }

  @PreDestroy
  void stop() {
    decisions.stop();
  }
}
