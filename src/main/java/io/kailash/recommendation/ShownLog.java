package io.kailash.recommendation;

import io.kailash.platform.CopyText;
import io.kailash.platform.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.postgresql.PGConnection;

/**
 * Writes what was shown to PostgreSQL in batches, off the request. The queue is bounded: while
 * PostgreSQL does not keep up or is down, what is beyond it is counted and dropped, and requests go
 * on. Only feedback is an acknowledged write.
 */
@Singleton
class ShownLog {
  private static final Logger LOG = Logger.getLogger(ShownLog.class.getName());
  private static final String COPY =
      "copy recommendation_shown (id, at, user_id, strategy, experiment_id, arm, items) from stdin";
  private static final Metadata SHOWN =
      Metadata.builder()
          .withName("kailash_recommendations_shown")
          .withDescription(
              "Shown recommendations that were written, or dropped because too many waited.")
          .build();
  private static final Metadata WAITING =
      Metadata.builder()
          .withName("kailash_recommendations_shown_waiting")
          .withDescription("Shown recommendations that wait to be written.")
          .build();
  private static final int BATCH = 5_000;
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;
  private static final long GATHER_MILLIS = 50;
  private static final int REMOVED_AT_ONCE = 10_000;

  private final DataSource database;
  private final RecommendationSettings settings;
  private final Clock clock;
  private final BlockingQueue<Shown> waiting;
  private final LongAdder noted = new LongAdder();
  private final Counter written;
  private final Counter dropped;
  private volatile boolean ending;
  private Thread writer;

  @Resource ManagedThreadFactory threads;

  /** What was shown to whom; user, experiment and arm may be null. */
  record Shown(
      UUID id,
      Instant at,
      String user,
      String strategy,
      Long experimentId,
      String arm,
      List<String> items) {}

  @Inject
  ShownLog(DataSource database, Clock clock, Settings settings, MetricRegistry figures) {
    this.database = database;
    this.clock = clock;
    this.settings = RecommendationSettings.read(settings);
    waiting = new ArrayBlockingQueue<>(this.settings.logCapacity());
    written = figures.counter(SHOWN, new Tag("outcome", "written"));
    dropped = figures.counter(SHOWN, new Tag("outcome", "dropped"));
    figures.gauge(WAITING, waiting::size);
  }

  /** Takes note; never waits. */
  void add(Shown shown) {
    if (waiting.offer(shown)) {
      noted.increment();
    } else {
      dropped.inc();
    }
  }

  void start() {
    writer = threads.newThread(this::writeUntilTheEnd);
    writer.setName("kailash-shown-log");
    writer.start();
  }

  private void writeUntilTheEnd() {
    List<Shown> batch = new ArrayList<>();
    while (!ending || !waiting.isEmpty()) {
      try {
        if (batch.isEmpty()) {
          Shown first = waiting.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
          if (first == null) {
            continue;
          }
          batch.add(first);
          if (!ending && waiting.size() < BATCH) {
            // One round trip for many: what arrives in these milliseconds goes along.
            Thread.sleep(GATHER_MILLIS);
          }
          waiting.drainTo(batch, BATCH - 1);
        }
        write(batch);
        written.inc(batch.size());
        batch.clear();
      } catch (SQLException | IOException failure) {
        if (ending) {
          LOG.log(
              Level.WARNING, batch.size() + " answers were not written before the end", failure);
          return;
        }
        LOG.log(Level.WARNING, "shown recommendations cannot be written; trying again", failure);
        pause();
      } catch (InterruptedException interrupted) {
        ending = true;
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
    } catch (InterruptedException interrupted) {
      ending = true;
    }
  }

  private void write(List<Shown> batch) throws SQLException, IOException {
    CopyText rows = new CopyText();
    for (Shown shown : batch) {
      rows.value(shown.id().toString())
          .value(shown.at().toString())
          .value(shown.user())
          .value(shown.strategy())
          .value(shown.experimentId() == null ? null : shown.experimentId().toString())
          .value(shown.arm())
          .value(arrayOf(shown.items()))
          .end();
    }
    try (Connection connection = database.getConnection()) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(COPY, new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** A list as PostgreSQL writes an array of texts. */
  static String arrayOf(List<String> items) {
    StringBuilder text = new StringBuilder("{");
    for (String item : items) {
      if (text.length() > 1) {
        text.append(',');
      }
      text.append('"').append(item.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return text.append('}').toString();
  }

  /** Removes what is older than the retention, a bounded number at once. */
  void removeOld() {
    OffsetDateTime before =
        clock.instant().minus(settings.shownRetention()).atOffset(ZoneOffset.UTC);
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement(
                "delete from recommendation_shown where ctid = any (array("
                    + "select ctid from recommendation_shown where at < ? limit "
                    + REMOVED_AT_ONCE
                    + "))")) {
      delete.setObject(1, before);
      int removed;
      do {
        removed = delete.executeUpdate();
      } while (removed == REMOVED_AT_ONCE && !ending);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot remove old recommendations", failure);
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
