package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir Path temporary;

  @Test
  void secretIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
    String first;
    try (DataFolder folder = DataFolder.open(temporary.resolve("data"), new SecureRandom())) {
      first = folder.administratorKey();
    }
    try (DataFolder folder = DataFolder.open(temporary.resolve("data"), new SecureRandom())) {
      assertThat(folder.administratorKey()).isEqualTo(first);
      assertThat(folder.secret("redis")).isNotEqualTo(folder.secret("neo4j"));
    }

    assertThat(first).matches("kk_[A-Za-z0-9_-]{43}");
    assertThat(permissions("data/admin.key")).isEqualTo("rw-------");
    assertThat(permissions("data/secrets/redis")).isEqualTo("rw-------");
    assertThat(permissions("data/secrets")).isEqualTo("rwx------");
  }

  private String permissions(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve(file)));
  }

  @Test
  void oneRunAtATimeHoldsIt() {
    Path data = temporary.resolve("data");
    try (DataFolder held = DataFolder.open(data, new SecureRandom())) {
      assertThatThrownBy(() -> DataFolder.open(held.root(), new SecureRandom()))
          .isInstanceOf(StackFailure.class)
          .hasMessageContaining(
              "in use by another run (process " + ProcessHandle.current().pid() + ")")
          .hasMessageContaining("kailash.data");
    }
    DataFolder.open(data, new SecureRandom()).close();
  }

  @Test
  void placeThatIsAFileIsRefusedWithTheSettingsName() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "in the way");

    assertThatThrownBy(() -> DataFolder.open(file, new SecureRandom()))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("set kailash.data");
    assertThat(file).hasContent("in the way");
  }
}
