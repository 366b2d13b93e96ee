package io.kailash.recommendation.training;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The file of a stored model, asked for slice by slice: the driver would hold a whole column in
 * memory, twice while it is read. The column is stored so that PostgreSQL reads of it only what is
 * asked for.
 */
final class SlicedContent extends InputStream {
  private static final int SLICE = 1 << 20;

  private final PreparedStatement select;
  private final long model;
  private byte[] slice = new byte[0];
  private int at;
  private long behind;
  private boolean last;

  SlicedContent(Connection connection, long model) throws SQLException {
    this.model = model;
    select =
        connection.prepareStatement(
            "select substring(content from ? for "
                + SLICE
                + ") from recommender_model_file where model_id = ?");
  }

  @Override
  public int read() throws IOException {
    return ready() ? slice[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ready()) {
      return -1;
    }
    int count = Math.min(length, slice.length - at);
    System.arraycopy(slice, at, into, offset, count);
    at += count;
    return count;
  }

  private boolean ready() throws IOException {
    while (at == slice.length && !last) {
      next();
    }
    return at < slice.length;
  }

  private void next() throws IOException {
    try {
      // Counted from 1; a file of more than 2 GB has no place in a column.
      select.setInt(1, Math.toIntExact(behind + 1));
      select.setLong(2, model);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IOException("recommender model " + model + " has no file");
        }
        slice = row.getBytes(1);
      }
    } catch (SQLException failure) {
      throw new IOException("the file of recommender model " + model + " cannot be read", failure);
    }
    at = 0;
    behind += slice.length;
    last = slice.length < SLICE;
  }

  @Override
  public void close() throws IOException {
    try {
      select.close();
    } catch (SQLException failure) {
      throw new IOException("the file of recommender model " + model + " cannot be left", failure);
    }
  }
}
