package io.kailash.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.Sha256;
import io.kailash.stack.RunningService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.time.Clock;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobFilesIT {
  private static final String NAME = "results.ndjson";

  private final UUID job = UUID.randomUUID();
  private final byte[] bytes = new byte[2_500_000];
  private JobTables tables;
  private JobFiles files;

  @BeforeEach
  void begin() throws Exception {
    var postgres = RunningService.get().addresses().postgres();
    tables =
        new JobTables(postgres.jdbcUrl(), postgres.user(), postgres.password(), "job_files_it");
    files = new JobFiles(tables.dataSource(), Clock.systemUTC());
    new Random(7).nextBytes(bytes);
  }

  @AfterEach
  void end() throws Exception {
    tables.close();
  }

  private byte[] read(long from, long end) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    files.send(job, NAME, out, from, end);
    return out.toByteArray();
  }

  private void writeWhole() throws IOException {
    try (JobFileWriter file = files.create(job, NAME, "text/plain")) {
      file.write(bytes, 0, 1_000);
      file.write(bytes, 1_000, bytes.length - 1_000);
      assertThat(file.complete()).isEqualTo(Sha256.of(bytes));
    }
  }

  @Test
  void everyPartIsReadAsItWasWritten() throws IOException {
    writeWhole();
    JobFiles.Stored stored = files.find(job, NAME).orElseThrow();
    assertThat(stored.bytes()).isEqualTo(bytes.length);
    assertThat(stored.whole()).isTrue();
    for (long[] part :
        new long[][] {
          {0, bytes.length},
          {0, 1},
          {(1 << 20) - 1, (1 << 20) + 1},
          {1 << 20, 2 << 20},
          {bytes.length - 1, bytes.length}
        }) {
      assertThat(read(part[0], part[1]))
          .isEqualTo(Arrays.copyOfRange(bytes, (int) part[0], (int) part[1]));
    }
    assertThat(files.open(job, NAME, 1_048_000).readAllBytes())
        .isEqualTo(Arrays.copyOfRange(bytes, 1_048_000, bytes.length));
  }

  @Test
  void aFileIsCutToWhereItsCheckpointSaysAndGoesOn() throws IOException {
    writeWhole();
    int cut = 1_700_000;
    try (JobFileWriter file = files.append(job, NAME, "text/plain", cut)) {
      assertThat(files.find(job, NAME).orElseThrow().whole()).isFalse();
      assertThat(file.length()).isEqualTo(cut);
      file.write(bytes, cut, bytes.length - cut);
      assertThat(file.complete()).as("as if it had never been cut").isEqualTo(Sha256.of(bytes));
    }
    assertThat(read(0, bytes.length)).isEqualTo(bytes);
    assertThatThrownBy(() -> files.append(job, NAME, "text/plain", bytes.length + 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytesOfATransactionThatIsUndoneWereNeverThere() throws Exception {
    JobFileWriter file = files.create(job, NAME, "text/plain");
    try (Connection connection = tables.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      file.append(connection, bytes, 0, 10);
      connection.commit();
      file.append(connection, bytes, 10, 10);
      connection.rollback();
      connection.setAutoCommit(true);
    }
    assertThat(files.find(job, NAME).orElseThrow().bytes()).isEqualTo(10);
    assertThat(read(0, 10)).isEqualTo(Arrays.copyOf(bytes, 10));
  }

  @Test
  void ofTwoWhoWriteOneFileTheOneBehindFails() throws Exception {
    JobFileWriter behind = files.create(job, NAME, "text/plain");
    JobFileWriter ahead = files.append(job, NAME, "text/plain", 0);
    ahead.write(bytes, 0, 100);
    ahead.close();
    behind.write(bytes, 0, 50);
    assertThatThrownBy(behind::close).isInstanceOf(IllegalStateException.class);
    assertThat(files.find(job, NAME).orElseThrow().bytes()).isEqualTo(100);
  }
}
