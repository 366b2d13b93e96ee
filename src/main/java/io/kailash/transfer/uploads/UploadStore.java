package io.kailash.transfer.uploads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.Row.Wrong;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.PGStatement;

/** The tables of uploads: files in parts of a megabyte, so that any instance goes on with them. */
@Singleton
class UploadStore {
  /** Bytes of a part, but for the last one of a request. */
  static final int PART = 1 << 20;

  private static final String COLUMNS =
      "id, kind, options::text, status, total_bytes, received_bytes, sha256_wanted, sha256,"
          + " problem, job_id, created_at, created_by, changed_at";

  private final DataSource database;
  private final Clock clock;

  @Inject
  UploadStore(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T connected(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException failure) {
      throw new IllegalStateException("a statement of uploads failed", failure);
    }
  }

  private int run(String sql, Object... values) {
    return connected(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
          }
        });
  }

  private static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(
          i + 1, values[i] instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : values[i]);
    }
  }

  /** Begins an upload. */
  Upload create(
      UploadKind kind, UploadOptions options, Long totalBytes, byte[] sha256Wanted, String by) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Instant now = clock.instant();
    connected(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into upload (id, kind, options, status, total_bytes, sha256_wanted,"
                      + " created_at, created_by, changed_at)"
                      + " values (?, ?, ?::jsonb, 'receiving', ?, ?, ?, ?, ?)")) {
            insert.setObject(1, id);
            insert.setString(2, kind.text());
            insert.setString(3, json(options));
            insert.setObject(4, totalBytes, java.sql.Types.BIGINT);
            insert.setBytes(5, sha256Wanted);
            insert.setObject(6, now.atOffset(ZoneOffset.UTC));
            insert.setString(7, by);
            insert.setObject(8, now.atOffset(ZoneOffset.UTC));
            return insert.executeUpdate();
          }
        });
    return require(id);
  }

  Optional<Upload> find(UUID id) {
    return select(" where id = ?", id).stream().findFirst();
  }

  Upload require(UUID id) {
    return find(id).orElseThrow(() -> ProblemException.notFound("upload", id.toString()));
  }

  /** The newest before a place. */
  List<Upload> newest(Instant before, UUID beforeId, int rows) {
    return select(
        " where (created_at, id) < (?, ?) order by created_at desc, id desc limit ?",
        before,
        beforeId,
        rows);
  }

  private List<Upload> select(String where, Object... values) {
    return connected(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("select " + COLUMNS + " from upload" + where)) {
            set(select, values);
            List<Upload> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(upload(row));
              }
            }
            return found;
          }
        });
  }

  private static Upload upload(ResultSet row) throws SQLException {
    return new Upload(
        row.getObject(1, UUID.class),
        UploadKind.of(row.getString(2)),
        options(row.getString(3)),
        row.getString(4),
        row.getObject(5, Long.class),
        row.getLong(6),
        row.getBytes(7),
        row.getBytes(8),
        row.getString(9),
        row.getObject(10, UUID.class),
        row.getObject(11, OffsetDateTime.class).toInstant(),
        row.getString(12),
        row.getObject(13, OffsetDateTime.class).toInstant());
  }

  /**
   * Makes a request the upload's only writer; one that came before and still hangs is shut out.
   *
   * @return false where the upload is not at this place, or takes nothing any more
   */
  boolean takeOver(UUID id, UUID writer, long offset) {
    return run(
            "update upload set writer = ? where id = ? and status = 'receiving'"
                + " and received_bytes = ?",
            writer,
            id,
            offset)
        == 1;
  }

  /**
   * Stores a part.
   *
   * @param safe whether it counts at once; if not, {@link #confirm} makes it count
   * @param last whether the answer to the sender depends on it. What is in between need not wait
   *     for the disk: the log is written in order, so the last one brings all before it there
   * @return false where another request has taken over
   */
  boolean add(UUID id, UUID writer, long position, byte[] bytes, boolean safe, boolean last) {
    return connected(
        connection -> {
          connection.setAutoCommit(false);
          try (Statement relaxed = connection.createStatement();
              PreparedStatement advance =
                  connection.prepareStatement(
                      "update upload set received_bytes = case when ? then ? else received_bytes"
                          + " end, changed_at = ? where id = ? and writer = ?"
                          + " and status = 'receiving'");
              PreparedStatement insert =
                  connection.prepareStatement(
                      "insert into upload_part (upload_id, position, bytes) values (?, ?, ?)"
                          + " on conflict (upload_id, position) do update"
                          + " set bytes = excluded.bytes")) {
            if (!last) {
              relaxed.execute("set local synchronous_commit = off");
            }
            set(advance, safe, position + bytes.length, clock.instant(), id, writer);
            if (advance.executeUpdate() == 0) {
              connection.rollback();
              return false;
            }
            insert.setObject(1, id);
            insert.setLong(2, position);
            insert.setBytes(3, bytes);
            insert.executeUpdate();
            connection.commit();
            return true;
          } catch (SQLException failure) {
            connection.rollback();
            throw failure;
          } finally {
            connection.setAutoCommit(true);
          }
        });
  }

  /** Makes what a request has added count. */
  boolean confirm(UUID id, UUID writer, long received) {
    return run(
            "update upload set received_bytes = ?, changed_at = ? where id = ? and writer = ?"
                + " and status = 'receiving'",
            received,
            clock.instant(),
            id,
            writer)
        == 1;
  }

  /** All is here; joins the caller's transaction. False where another request was quicker. */
  boolean received(UUID id, UUID job, byte[] sha256) {
    return run(
            "update upload set status = 'received', total_bytes = received_bytes, job_id = ?,"
                + " sha256 = ?, changed_at = ? where id = ? and status = 'receiving'",
            job,
            sha256,
            clock.instant(),
            id)
        == 1;
  }

  /** Notes the job that works on a file that stays. False where it is not whole. */
  boolean give(UUID id, UUID job) {
    return run(
            "update upload set job_id = ?, changed_at = ? where id = ? and status = 'received'",
            job,
            clock.instant(),
            id)
        == 1;
  }

  void setDigest(UUID id, byte[] sha256) {
    run("update upload set sha256 = ? where id = ?", sha256, id);
  }

  /** An end; the bytes go, the row stays for a while. */
  void end(UUID id, String status, String problem) {
    run(
        "update upload set status = ?, problem = ?, changed_at = ? where id = ?",
        status,
        problem,
        clock.instant(),
        id);
    removeParts(id);
  }

  private void removeParts(UUID id) {
    run("delete from upload_part where upload_id = ?", id);
  }

  void remove(UUID id) {
    removeParts(id);
    run("delete from upload where id = ?", id);
  }

  /** Removes what nobody has gone on with, and, later, what is over. */
  void removeOld(Duration expiry, Duration kept) {
    Instant now = clock.instant();
    for (Upload old :
        select(
            " where (status = 'receiving' and changed_at < ?)"
                + " or (status <> 'receiving' and changed_at < ? and not exists"
                + " (select 1 from job j where j.id = job_id and j.status in"
                + " ('queued', 'running', 'paused', 'dead')))"
                + " or (status = 'received' and kind <> 'batch' and exists (select 1 from job j where j.id = job_id"
                + " and j.status in ('cancelled', 'failed')))"
                + " limit 100",
            now.minus(expiry),
            now.minus(kept))) {
      remove(old.id());
    }
  }

  /** The bytes of an upload as far as they are safe. Each part is fetched when it is wanted. */
  InputStream open(UUID id, long end) {
    return new InputStream() {
      private long position;
      private byte[] part = new byte[0];
      private int next;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (next == part.length) {
          if (position >= end) {
            return -1;
          }
          part = part(id, position);
          next = 0;
          position += part.length;
        }
        int some = Math.min(length, part.length - next);
        System.arraycopy(part, next, into, at, some);
        next += some;
        return some;
      }

      @Override
      public int available() {
        return part.length - next;
      }
    };
  }

  private byte[] part(UUID id, long position) throws IOException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select bytes from upload_part where upload_id = ? and position = ?")) {
      // As bytes and not as twice as many digits.
      select.unwrap(PGStatement.class).setPrepareThreshold(-1);
      select.setObject(1, id);
      select.setLong(2, position);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new EOFException("upload " + id + " has no part at " + position);
        }
        return row.getBytes(1);
      }
    } catch (SQLException failure) {
      throw new IOException("a part of an upload cannot be read", failure);
    }
  }

  /** A row that was not taken. */
  record Rejected(long line, Wrong wrong) {}

  /** Notes rows in the caller's transaction. */
  void reject(UUID id, List<Rejected> rows) {
    if (rows.isEmpty()) {
      return;
    }
    connected(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into upload_rejected (upload_id, line, column_name, reason)"
                      + " values (?, ?, ?, ?)")) {
            for (Rejected row : rows) {
              insert.setObject(1, id);
              insert.setLong(2, row.line());
              insert.setString(3, row.wrong().column());
              insert.setString(4, row.wrong().reason());
              insert.addBatch();
            }
            insert.executeBatch();
            return null;
          }
        });
  }

  /** Hands on the refused rows in the order of their lines; they are fetched as they are taken. */
  interface RejectedRow {
    void take(long line, String column, String reason) throws IOException;
  }

  long forEachRejected(UUID id, RejectedRow consumer) throws IOException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement select =
          connection.prepareStatement(
              "select line, column_name, reason from upload_rejected where upload_id = ?"
                  + " order by line, column_name")) {
        select.setFetchSize(1000);
        select.setObject(1, id);
        long rows = 0;
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            consumer.take(row.getLong(1), row.getString(2), row.getString(3));
            rows++;
          }
        }
        return rows;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("refused rows cannot be read", failure);
    }
  }

  private static String json(UploadOptions options) {
    try {
      return Json.MAPPER.writeValueAsString(options);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static UploadOptions options(String json) {
    try {
      return Json.MAPPER.readValue(json, UploadOptions.class);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("stored options cannot be read", damaged);
    }
  }
}
