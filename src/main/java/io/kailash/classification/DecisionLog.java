package io.kailash.classification;

import io.kailash.platform.CopyText;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.postgresql.PGConnection;

/**
 * Writes decisions to PostgreSQL in batches, off the request. The queue is bounded: while
 * PostgreSQL does not keep up or is down, decisions beyond it are counted and dropped, and requests
 * go on. A decision is no acknowledged write; only feedback is.
 */
@Singleton
class DecisionLog {
  private static final Logger LOG = Logger.getLogger(DecisionLog.class.getName());
  private static final String COPY =
      "copy decision (id, at, taxonomy_id, model_id, category_code, confidence, leaf_code,"
          + " leaf_confidence, accepted, sku, title, brand, description, supplier_category, url,"
          + " text_hash, usefulness) from stdin";
  private static final Metadata DECISIONS =
      Metadata.builder()
          .withName("kailash_decisions")
          .withDescription(
              "Decisions of the classifier that were written, or dropped because too many waited.")
          .build();
  private static final Metadata WAITING =
      Metadata.builder()
          .withName("kailash_decisions_waiting")
          .withDescription("Decisions of the classifier that wait to be written.")
          .build();
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;
  private static final long GATHER_MILLIS = 50;
  private static final int REMOVED_AT_ONCE = 10_000;

  private final DataSource database;
  private final ClassificationSettings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final BlockingQueue<Decision> waiting;
  private final LongAdder noted = new LongAdder();
  private final Counter written;
  private final Counter dropped;
  private volatile boolean ending;
  private Thread writer;

  @Resource ManagedThreadFactory threads;

  @Inject
  DecisionLog(
      DataSource database,
      ClassificationSettings settings,
      Clock clock,
      RandomGenerator random,
      MetricRegistry figures) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    waiting = new ArrayBlockingQueue<>(settings.logCapacity());
    written = figures.counter(DECISIONS, new Tag("outcome", "written"));
    dropped = figures.counter(DECISIONS, new Tag("outcome", "dropped"));
    figures.gauge(WAITING, waiting::size);
  }

  /** Takes note; never waits. */
  void add(Decision decision) {
    if (waiting.offer(decision)) {
      noted.increment();
    } else {
      dropped.inc();
    }
  }

  void start() {
    writer = threads.newThread(this::writeUntilTheEnd);
    writer.setName("kailash-decision-log");
    writer.start();
  }

  private void writeUntilTheEnd() {
    List<Decision> batch = new ArrayList<>();
    while (!ending || !waiting.isEmpty()) {
      try {
        if (batch.isEmpty()) {
          Decision first = waiting.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
          if (first == null) {
            continue;
          }
          batch.add(first);
          if (!ending && waiting.size() < settings.logBatch()) {
            // One round trip for many: what arrives in these milliseconds goes along.
            Thread.sleep(GATHER_MILLIS);
          }
          waiting.drainTo(batch, settings.logBatch() - 1);
        }
        write(batch);
        written.inc(batch.size());
        batch.clear();
      } catch (SQLException | IOException failure) {
        if (ending) {
          LOG.log(
              Level.WARNING, batch.size() + " decisions were not written before the end", failure);
          return;
        }
        LOG.log(Level.WARNING, "decisions cannot be written; trying again", failure);
        if (!pause()) {
          return;
        }
      } catch (InterruptedException interrupted) {
        ending = true;
      }
    }
  }

  private boolean pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
      return true;
    } catch (InterruptedException interrupted) {
      ending = true;
      return false;
    }
  }

  private void write(List<Decision> batch) throws SQLException, IOException {
    CopyText rows = new CopyText();
    for (Decision d : batch) {
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
    byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
    try (Connection connection = database.getConnection()) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(COPY, new java.io.ByteArrayInputStream(bytes));
    }
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

  /** Removes decisions that are older than the retention, a bounded number at once. */
  void removeOld() {
    OffsetDateTime before =
        clock.instant().minus(settings.decisionRetention()).atOffset(ZoneOffset.UTC);
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement(
                "delete from decision where ctid = any (array("
                    + "select ctid from decision where at < ? limit "
                    + REMOVED_AT_ONCE
                    + "))")) {
      delete.setObject(1, before);
      int removed;
      do {
        removed = delete.executeUpdate();
      } while (removed == REMOVED_AT_ONCE && !ending);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot remove old decisions", failure);
    }
  }

  /** Waits until everything noted so far is written, at most {@code millis}. */
  void settle(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    // Not the queue's length: what the writer holds in its hands is in neither queue nor table.
    long target = noted.sum();
    while (written.getCount() < target && System.nanoTime() < until) {
      Thread.sleep(5);
    }
  }

  @PreDestroy
  void stop() {
    ending = true;
    if (writer == null) {
      return;
    }
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
