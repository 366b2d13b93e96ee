package io.kailash.platform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the binary format of PostgreSQL's COPY, which neither side has to turn into text and
 * back. Each value must have the type of its column; null becomes SQL's null. Format: PostgreSQL's
 * documentation of COPY, "Binary Format".
 */
public final class CopyBinary {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  /** Seconds from 1970 to 2000, where PostgreSQL's count of microseconds begins. */
  private static final long EPOCH_SECONDS = 946_684_800L;

  private static final int NULL = -1;
  private static final int TEXT_TYPE = 25;

  private final int columns;
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
  private int left;

  /** Begins rows of so many columns. */
  public CopyBinary(int columns) {
    this.columns = columns;
    // No flags, no extension of the header.
    bytes.put(SIGNATURE).putInt(0).putInt(0);
  }

  /** Adds a text. It must not have U+0000, which PostgreSQL cannot store. */
  public CopyBinary text(String value) {
    begin();
    putText(value);
    return this;
  }

  private void putText(String value) {
    if (value == null) {
      room(Integer.BYTES).putInt(NULL);
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
  }

  /** Adds JSON as jsonb, in the form in which a client sends it. */
  public CopyBinary json(String value) {
    begin();
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + 1 + utf8.length).putInt(1 + utf8.length).put((byte) 1).put(utf8);
    return this;
  }

  /** Adds an array of texts. */
  public CopyBinary texts(List<String> values) {
    begin();
    room(Integer.BYTES);
    int lengthAt = bytes.position();
    bytes.putInt(0);
    // Dimensions, whether there are nulls, type; then of the one dimension length and lower bound.
    room(5 * Integer.BYTES).putInt(values.isEmpty() ? 0 : 1).putInt(0).putInt(TEXT_TYPE);
    if (!values.isEmpty()) {
      bytes.putInt(values.size()).putInt(1);
      values.forEach(this::putText);
    }
    bytes.putInt(lengthAt, bytes.position() - lengthAt - Integer.BYTES);
    return this;
  }

  /** Adds a uuid. */
  public CopyBinary uuid(UUID value) {
    begin();
    room(Integer.BYTES + 2 * Long.BYTES)
        .putInt(2 * Long.BYTES)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits());
    return this;
  }

  /** Adds a timestamptz, to the microsecond. */
  public CopyBinary time(Instant value) {
    return bigint((value.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1_000);
  }

  /** Adds a bigint. */
  public CopyBinary bigint(Long value) {
    begin();
    if (value == null) {
      room(Integer.BYTES).putInt(NULL);
    } else {
      room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
    }
    return this;
  }

  /** Adds a real. */
  public CopyBinary real(Double value) {
    begin();
    if (value == null) {
      room(Integer.BYTES).putInt(NULL);
    } else {
      room(2 * Integer.BYTES).putInt(Float.BYTES).putFloat(value.floatValue());
    }
    return this;
  }

  /** Adds a boolean. */
  public CopyBinary truth(boolean value) {
    begin();
    room(Integer.BYTES + 1).putInt(1).put((byte) (value ? 1 : 0));
    return this;
  }

  /**
   * Writes all rows; nothing can be added any more.
   *
   * @param target a table, and in parentheses its columns in the order in which they were added
   */
  public void into(Connection connection, String target) throws SQLException {
    end();
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("copy " + target + " from stdin (format binary)");
    try {
      copy.writeToCopy(bytes.array(), 0, bytes.position());
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void end() {
    if (left != 0) {
      throw new IllegalStateException("the last row has " + left + " columns too few");
    }
    room(Short.BYTES).putShort((short) -1);
  }

  private void begin() {
    if (left == 0) {
      room(Short.BYTES).putShort((short) columns);
      left = columns;
    }
    left--;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int size = Math.max(Math.addExact(bytes.position(), more), bytes.capacity() * 2);
      bytes = ByteBuffer.allocate(size).put(bytes.flip());
    }
    return bytes;
  }
}
