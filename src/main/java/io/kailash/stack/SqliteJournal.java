package io.kailash.stack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * How an SQLite database that belongs to another program keeps what it is about to change. The mode
 * stands in the database itself (SQLite's file format, 1.3.3), so that it can be chosen where the
 * program has no setting for it.
 */
final class SqliteJournal {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(US_ASCII);

  /** Where the versions of the format for writing and for reading stand, a byte each. */
  private static final int FORMAT_VERSIONS_AT = 18;

  private static final byte[] ROLLBACK = {1, 1};
  private static final byte[] WRITE_AHEAD = {2, 2};
  private static final int PAGE = 4096;
  private static final int LIBRARY_VERSION = 3_040_001;

  private SqliteJournal() {}

  /**
   * Has a database log ahead what it changes, instead of copying every page before: as durable, and
   * half the waits for the disk. Nobody may have the database open. One that was interrupted while
   * it wrote in the other mode stays as it is, since it must be rolled back first.
   *
   * @param database made, without any table, where there is none yet
   * @throws IOException also where the file is no database
   */
  static void writeAhead(Path database) throws IOException {
    if (!Files.exists(database)) {
      Files.write(database, withoutTables());
      return;
    }
    try (FileChannel file =
        FileChannel.open(database, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] start = new byte[FORMAT_VERSIONS_AT + WRITE_AHEAD.length];
      int read = file.read(ByteBuffer.wrap(start), 0);
      if (read < start.length || !Arrays.equals(MAGIC, Arrays.copyOf(start, MAGIC.length))) {
        throw new IOException(database + " is no SQLite database");
      }
      byte[] versions = Arrays.copyOfRange(start, FORMAT_VERSIONS_AT, start.length);
      if (Arrays.equals(versions, ROLLBACK) && !Files.exists(rollback(database))) {
        file.write(ByteBuffer.wrap(WRITE_AHEAD), FORMAT_VERSIONS_AT);
        file.force(true);
      }
    }
  }

  private static Path rollback(Path database) {
    return database.resolveSibling(database.getFileName() + "-journal");
  }

  /** One page, as SQLite itself makes it of a database that was only asked for the mode. */
  private static byte[] withoutTables() {
    ByteBuffer page = ByteBuffer.allocate(PAGE);
    page.put(MAGIC).putShort((short) PAGE).put(WRITE_AHEAD);
    // Nothing reserved in a page, and three fractions that never differ.
    page.put(new byte[] {0, 64, 32, 32});
    // One change so far, one page.
    page.putInt(1).putInt(1);
    page.position(92).putInt(1).putInt(LIBRARY_VERSION);
    // The table of tables: a leaf, no cells, whose content would begin at the end of the page.
    page.put((byte) 13).putShort((short) 0).putShort((short) 0).putShort((short) PAGE);
    return page.array();
  }
}
