package io.kailash.jobs;

import io.kailash.platform.ProblemException;
import io.kailash.platform.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Files of jobs, what they work on and what they make, in PostgreSQL in chunks of about a megabyte:
 * any instance reads what another has written, of any size, without holding it in memory. They go
 * with their job.
 */
@Singleton
public class JobFiles {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int CHUNKS_REMOVED_AT_ONCE = 64;

  private final DataSource database;
  private final Clock clock;

  @Inject
  JobFiles(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A file as it is stored.
   *
   * @param bytes its length so far
   * @param sha256 32 bytes; null until it is whole
   */
  public record Stored(
      String name, String mediaType, long bytes, byte[] sha256, Instant createdAt) {
    /** Whether it will grow no more. */
    public boolean whole() {
      return sha256 != null;
    }
  }

  /**
   * Begins a file; one of that name is replaced.
   *
   * @param job id of a job, or of one that is to be submitted ({@link Jobs#newId()})
   * @param name letters, digits, dots, hyphens and underscores; at most 100
   */
  public JobFileWriter create(UUID job, String name, String mediaType) {
    return append(job, name, mediaType, 0);
  }

  /**
   * Goes on with a file that is cut to {@code length} bytes first, as a checkpoint noted it; a
   * length of 0 begins it.
   *
   * @throws IllegalStateException where the file is shorter than that
   */
  public JobFileWriter append(UUID job, String name, String mediaType, long length) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name of a file: " + name);
    }
    try (Connection connection = database.getConnection()) {
      // A new file need not be cut, nor wait for the disk: what is written into it will.
      if (length > 0 || !isNew(connection, job, name, mediaType)) {
        cut(connection, job, name, mediaType, length);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("file '" + name + "' cannot be written", failure);
    }
    MessageDigest digest = Sha256.digest();
    if (length > 0) {
      try {
        send(job, name, new DigestOnly(digest), 0);
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return new JobFileWriter(database, job, name, length, digest);
  }

  /** Makes a file; false where there is one of that name. */
  private boolean isNew(Connection connection, UUID job, String name, String mediaType)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "with relaxed as (select set_config('synchronous_commit', 'off', true))"
                + " insert into job_file (job_id, name, media_type, created_at)"
                + " select ?, ?, ?, ? from relaxed on conflict do nothing")) {
      insert.setObject(1, job);
      insert.setString(2, name);
      insert.setString(3, mediaType);
      insert.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
      return insert.executeUpdate() == 1;
    }
  }

  /** One statement, so that no reader sees a length without its bytes. */
  private static void cut(
      Connection connection, UUID job, String name, String mediaType, long length)
      throws SQLException {
    try (PreparedStatement cut =
        connection.prepareStatement(
            "with gone as (delete from job_file_chunk where job_id = ? and name = ? and place >="
                + " ?), short as (update job_file_chunk set content = substring(content from 1 for"
                + " (? - place)::integer) where job_id = ? and name = ? and place < ? and place +"
                + " length(content) > ?) update job_file set bytes = ?, media_type = ?, sha256 = null"
                + " where job_id = ? and name = ? and bytes >= ?")) {
      cut.setObject(1, job);
      cut.setString(2, name);
      cut.setLong(3, length);
      cut.setLong(4, length);
      cut.setObject(5, job);
      cut.setString(6, name);
      cut.setLong(7, length);
      cut.setLong(8, length);
      cut.setLong(9, length);
      cut.setString(10, mediaType);
      cut.setObject(11, job);
      cut.setString(12, name);
      cut.setLong(13, length);
      if (cut.executeUpdate() == 0) {
        throw new IllegalStateException("file '" + name + "' has not even " + length + " bytes");
      }
    }
  }

  private static final class DigestOnly extends OutputStream {
    private final MessageDigest digest;

    DigestOnly(MessageDigest digest) {
      this.digest = digest;
    }

    @Override
    public void write(int value) {
      digest.update((byte) value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      digest.update(bytes, from, length);
    }
  }

  public Optional<Stored> find(UUID job, String name) {
    return of(job).stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /** All files of a job, by name. */
  public List<Stored> of(UUID job) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select name, media_type, bytes, sha256, created_at from job_file"
                    + " where job_id = ? order by name")) {
      select.setObject(1, job);
      List<Stored> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new Stored(
                  row.getString(1),
                  row.getString(2),
                  row.getLong(3),
                  row.getBytes(4),
                  row.getObject(5, OffsetDateTime.class).toInstant()));
        }
      }
      return found;
    } catch (SQLException failure) {
      throw new IllegalStateException("files of jobs cannot be read", failure);
    }
  }

  /**
   * Writes a file's bytes from {@code from} to its end as stored at this moment. No connection is
   * held while {@code out} makes it wait.
   *
   * @throws ProblemException 404 where there is no such file
   */
  public void send(UUID job, String name, OutputStream out, long from) throws IOException {
    Stored file = find(job, name).orElseThrow(() -> ProblemException.notFound("file", name));
    send(job, name, out, from, file.bytes());
  }

  /** The same up to the byte before {@code end}. */
  public void send(UUID job, String name, OutputStream out, long from, long end)
      throws IOException {
    long place = from;
    while (place < end) {
      byte[] chunk = chunk(job, name, place);
      int length = (int) Math.min(chunk.length, end - place);
      out.write(chunk, 0, length);
      place += length;
    }
  }

  /** A file as a stream, from a byte on. Chunks are read as they are wanted. */
  public InputStream open(UUID job, String name, long from) {
    long end = find(job, name).orElseThrow(() -> ProblemException.notFound("file", name)).bytes();
    return new InputStream() {
      private long place = from;
      private byte[] chunk = new byte[0];
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
        if (next == chunk.length) {
          if (place >= end) {
            return -1;
          }
          chunk = chunk(job, name, place);
          next = 0;
          place += chunk.length;
        }
        int some = Math.min(length, chunk.length - next);
        System.arraycopy(chunk, next, into, at, some);
        next += some;
        return some;
      }

      @Override
      public int available() {
        return chunk.length - next;
      }
    };
  }

  /** The stored bytes from {@code from} to the end of the chunk they are in. */
  private byte[] chunk(UUID job, String name, long from) throws IOException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select case when place = ? then content"
                    + " else substring(content from (? - place + 1)::integer) end"
                    + " from job_file_chunk where job_id = ? and name = ? and place <= ?"
                    + " order by place desc limit 1")) {
      select.setLong(1, from);
      select.setLong(2, from);
      select.setObject(3, job);
      select.setString(4, name);
      select.setLong(5, from);
      try (ResultSet row = select.executeQuery()) {
        byte[] bytes = row.next() ? row.getBytes(1) : new byte[0];
        if (bytes.length == 0) {
          throw new EOFException("file '" + name + "' was removed or cut meanwhile");
        }
        return bytes;
      }
    } catch (SQLException failure) {
      throw new IOException("file '" + name + "' cannot be read", failure);
    }
  }

  /** Removes all files of a job, a bounded number of chunks at once. */
  void remove(UUID job) {
    try (Connection connection = database.getConnection();
        PreparedStatement chunks =
            connection.prepareStatement(
                "delete from job_file_chunk where ctid = any (array("
                    + "select ctid from job_file_chunk where job_id = ? limit "
                    + CHUNKS_REMOVED_AT_ONCE
                    + "))");
        PreparedStatement files =
            connection.prepareStatement("delete from job_file where job_id = ?")) {
      chunks.setObject(1, job);
      int removed;
      do {
        removed = chunks.executeUpdate();
      } while (removed == CHUNKS_REMOVED_AT_ONCE);
      files.setObject(1, job);
      files.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException("files of a job cannot be removed", failure);
    }
  }
}
