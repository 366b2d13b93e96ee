package io.kailash.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Writes rows to a table in batches, off the request. The queue is bounded: while PostgreSQL does
 * not keep up or is down, rows beyond it are counted and dropped, and requests go on. So it is for
 * what nobody was promised.
 *
 * @param <T> what becomes a row
 */
public final class WriteBehind<T> {
  private static final Logger LOG = Logger.getLogger(WriteBehind.class.getName());
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;
  private static final long GATHER_MILLIS = 50;
  private static final long PATIENCE_MILLIS = 100;
  private static final int REMOVED_AT_ONCE = 10_000;

  private final DataSource database;
  private final Table table;
  private final int batchSize;
  private final BiConsumer<T, CopyBinary> row;
  private final BlockingQueue<T> waiting;
  private final LongAdder noted = new LongAdder();
  private final Counter written;
  private final Counter dropped;
  private volatile boolean ending;
  private volatile boolean troubled;
  private Thread writer;

  /**
   * Where the rows go.
   *
   * @param name of the table
   * @param columns parted by commas; one of them is {@code at}
   * @param metric name of the figures; {@code …_waiting} is shown too
   * @param what the rows are, for people
   */
  public record Table(String name, String columns, String metric, String what) {}

  /**
   * Not started yet.
   *
   * @param capacity rows that may wait
   * @param batchSize most rows of one write
   * @param row writes the columns of one row
   */
  public WriteBehind(
      DataSource database,
      Table table,
      int capacity,
      int batchSize,
      MetricRegistry figures,
      BiConsumer<T, CopyBinary> row) {
    this.database = database;
    this.table = table;
    this.batchSize = batchSize;
    this.row = row;
    waiting = new ArrayBlockingQueue<>(capacity);
    Metadata rows =
        described(
            table.metric(), table.what() + " that were written, or dropped as too many waited.");
    written = figures.counter(rows, new Tag("outcome", "written"));
    dropped = figures.counter(rows, new Tag("outcome", "dropped"));
    figures.gauge(
        described(table.metric() + "_waiting", table.what() + " that wait to be written."),
        waiting::size);
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  /** Takes note; never waits. */
  public void add(T one) {
    if (waiting.offer(one)) {
      noted.increment();
    } else {
      dropped.inc();
    }
  }

  /**
   * Takes note; while too many wait, waits for room as long as the writer gets on. For many rows at
   * once, whose caller can be slowed down.
   */
  public void addInTurn(T one) {
    try {
      while (!troubled && !ending) {
        if (waiting.offer(one, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
          noted.increment();
          return;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    add(one);
  }

  /** Writes rows in the caller's transaction, past the queue. */
  public void write(Connection connection, List<T> rows) throws SQLException {
    copy(connection, rows);
    written.inc(rows.size());
    noted.add(rows.size());
  }

  /** Starts writing, on a thread of its own. */
  public void start(ThreadFactory threads) {
    writer = threads.newThread(this::writeUntilTheEnd);
    writer.setName("kailash-log-of-" + table.name());
    writer.start();
  }

  private void writeUntilTheEnd() {
    List<T> batch = new ArrayList<>();
    while (!ending || !waiting.isEmpty()) {
      try {
        if (batch.isEmpty()) {
          T first = waiting.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
          if (first == null) {
            continue;
          }
          batch.add(first);
          if (!ending && waiting.size() < batchSize) {
            // One round trip for many: what arrives in these milliseconds goes along.
            Thread.sleep(GATHER_MILLIS);
          }
          waiting.drainTo(batch, batchSize - 1);
        }
        write(batch);
        troubled = false;
        written.inc(batch.size());
        batch.clear();
      } catch (SQLException failure) {
        troubled = true;
        if (ending) {
          LOG.log(
              Level.WARNING,
              batch.size() + " rows of " + table.name() + " were not written before the end",
              failure);
          return;
        }
        LOG.log(
            Level.WARNING, "rows of " + table.name() + " cannot be written; trying again", failure);
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

  private void write(List<T> batch) throws SQLException {
    try (Connection connection = database.getConnection()) {
      copy(connection, batch);
    }
  }

  private void copy(Connection connection, List<T> batch) throws SQLException {
    CopyBinary rows = new CopyBinary(table.columns().split(",").length);
    batch.forEach(one -> row.accept(one, rows));
    rows.into(connection, table.name() + " (" + table.columns() + ")");
  }

  /** Removes rows from before a moment, a bounded number at once. */
  public void removeBefore(Instant moment) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement(
                "delete from "
                    + table.name()
                    + " where ctid = any (array(select ctid from "
                    + table.name()
                    + " where at < ? limit "
                    + REMOVED_AT_ONCE
                    + "))")) {
      delete.setObject(1, moment.atOffset(ZoneOffset.UTC));
      int removed;
      do {
        removed = delete.executeUpdate();
      } while (removed == REMOVED_AT_ONCE && !ending);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot remove old rows of " + table.name(), failure);
    }
  }

  /** Waits until everything noted so far is written, at most {@code millis}. */
  public void settle(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    // Not the queue's length: what the writer holds in its hands is in neither queue nor table.
    long target = noted.sum();
    while (written.getCount() < target && System.nanoTime() < until) {
      Thread.sleep(5);
    }
  }

  /** Writes what waits, for at most ten seconds, and ends. */
  public void stop() {
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
