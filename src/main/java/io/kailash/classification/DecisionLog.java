package io.kailash.classification;

import io.kailash.platform.CopyBinary;
import io.kailash.platform.WriteBehind;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
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
  void write(Connection connection, List<Decision> many) throws SQLException {
    decisions.write(connection, many);
  }

  void start() {
    decisions.start(threads);
  }

  private void write(Decision d, CopyBinary rows) {
    rows.uuid(d.id())
        .time(d.at())
        .bigint(d.taxonomyId())
        .bigint(d.modelId())
        .text(d.category())
        .real(d.confidence())
        .text(d.leaf())
        .real(d.leafConfidence())
        .truth(d.accepted())
        .text(d.sku())
        .text(d.text().title())
        .text(d.text().brand())
        .text(d.text().description())
        .text(d.text().supplierCategory())
        .text(d.text().url())
        .bigint(d.textHash())
        .real(usefulness(d));
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
