package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the server itself takes such a database is shown by the tests that start ChromaDB. */
class SqliteJournalTest {
  @TempDir Path folder;

  private byte[] database(int version) {
    byte[] bytes = new byte[8192];
    byte[] magic = "SQLite format 3\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    bytes[18] = (byte) version;
    bytes[19] = (byte) version;
    bytes[5000] = 7;
    return bytes;
  }

  @Test
  void aDatabaseThatCopiesPagesLogsAheadFromNowOnAndIsOtherwiseTheSame() throws IOException {
    Path file = Files.write(folder.resolve("records"), database(1));
    SqliteJournal.writeAhead(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(database(2));
    SqliteJournal.writeAhead(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(database(2));
  }

  @Test
  void oneThatMustBeRolledBackFirstIsLeftAlone() throws IOException {
    Path file = Files.write(folder.resolve("records"), database(1));
    Files.write(folder.resolve("records-journal"), new byte[512]);
    SqliteJournal.writeAhead(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(database(1));
  }

  @Test
  void whatIsNoDatabaseIsNotTouched() throws IOException {
    byte[] text =
        "no database, but as long as the start of one"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Path file = Files.write(folder.resolve("records"), text);
    assertThatThrownBy(() -> SqliteJournal.writeAhead(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is no SQLite database");
    assertThat(Files.readAllBytes(file)).isEqualTo(text);
  }

  @Test
  void whereNoneIsThereOneIsMade() throws IOException {
    Path file = folder.resolve("records");
    SqliteJournal.writeAhead(file);
    byte[] made = Files.readAllBytes(file);
    assertThat(made).hasSize(4096).startsWith(java.util.Arrays.copyOf(database(2), 16));
    SqliteJournal.writeAhead(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(made);
  }
}
