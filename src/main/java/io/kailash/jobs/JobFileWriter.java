package io.kailash.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Writes one file of a job. As a stream it is durable chunk by chunk, each in a transaction of its
 * own; by {@link #append} bytes are written in a transaction of the caller, with a checkpoint.
 *
 * <p>{@link #close} writes what is left; only {@link #complete} says that the file is whole. Only
 * one may write a file: where two runs of a job do, the one that is behind fails. For one thread;
 * after a failure of any method not to be used again.
 */
public final class JobFileWriter extends OutputStream {
  private static final int CHUNK = 1 << 20;

  private final DataSource database;
  private final UUID job;
  private final String name;
  private final MessageDigest digest;
  private byte[] buffer = new byte[8192];
  private int buffered;
  private long length;

  JobFileWriter(DataSource database, UUID job, String name, long length, MessageDigest digest) {
    this.database = database;
    this.job = job;
    this.name = name;
    this.length = length;
    this.digest = digest;
  }

  /** Bytes written so far, those that are not durable yet with them. */
  public long length() {
    return length + buffered;
  }

  /** Bytes that are durable: what a checkpoint may note. */
  public long durable() {
    return length;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int at = from;
    int left = count;
    while (left > 0) {
      int some = Math.min(left, CHUNK - buffered);
      if (buffered + some > buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.min(CHUNK, Math.max(buffered + some, buffered * 2)));
      }
      System.arraycopy(bytes, at, buffer, buffered, some);
      buffered += some;
      at += some;
      left -= some;
      if (buffered == CHUNK) {
        store();
      }
    }
  }

  /** Does nothing: chunks have their own size, and {@link #close} writes what is left. */
  @Override
  public void flush() {
    // Streams around this one flush when they like.
  }

  private void store() throws IOException {
    if (buffered == 0) {
      return;
    }
    try (Connection connection = database.getConnection()) {
      insert(connection, buffer, 0, buffered);
    } catch (SQLException failure) {
      throw new IOException("file '" + name + "' cannot be written", failure);
    }
    buffered = 0;
  }

  /**
   * Appends bytes in the caller's transaction. If that is rolled back, this writer is of no use any
   * more.
   */
  public void append(Connection connection, byte[] bytes, int from, int count) throws SQLException {
    if (buffered > 0) {
      throw new IllegalStateException("bytes written as a stream are not stored yet");
    }
    for (int at = from; at < from + count; at += CHUNK) {
      insert(connection, bytes, at, Math.min(CHUNK, from + count - at));
    }
  }

  private void insert(Connection connection, byte[] bytes, int from, int count)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "with grown as (update job_file set bytes = bytes + ?"
                + " where job_id = ? and name = ? and bytes = ? and sha256 is null returning 1)"
                + " insert into job_file_chunk (job_id, name, place, content)"
                + " select ?, ?, ?, ? from grown")) {
      insert.setInt(1, count);
      insert.setObject(2, job);
      insert.setString(3, name);
      insert.setLong(4, length);
      insert.setObject(5, job);
      insert.setString(6, name);
      insert.setLong(7, length);
      insert.setBytes(
          8,
          from == 0 && count == bytes.length
              ? bytes
              : Arrays.copyOfRange(bytes, from, from + count));
      if (insert.executeUpdate() != 1) {
        throw new IllegalStateException("file '" + name + "' is written by another run");
      }
    }
    digest.update(bytes, from, count);
    length += count;
  }

  /** Writes what is left. The file stays open to be gone on with. */
  @Override
  public void close() throws IOException {
    store();
  }

  /**
   * Writes what is left and marks the file as whole, with its digest.
   *
   * @return its SHA-256
   */
  public byte[] complete() throws IOException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        if (buffered > 0) {
          insert(connection, buffer, 0, buffered);
        }
        byte[] sha256 = complete(connection);
        connection.commit();
        buffered = 0;
        return sha256;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      throw new IOException("file '" + name + "' cannot be written", failure);
    }
  }

  /** The same in the caller's transaction. */
  public byte[] complete(Connection connection) throws SQLException {
    byte[] sha256 = digest.digest();
    try (PreparedStatement update =
        connection.prepareStatement(
            "update job_file set sha256 = ?"
                + " where job_id = ? and name = ? and bytes = ? and sha256 is null")) {
      update.setBytes(1, sha256);
      update.setObject(2, job);
      update.setString(3, name);
      update.setLong(4, length);
      if (update.executeUpdate() != 1) {
        throw new IllegalStateException("file '" + name + "' is written by another run");
      }
    }
    return sha256;
  }
}
