package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

  @TempDir Path temporary;
  private DataFolder folder;
  private final List<String> told = new ArrayList<>();
  private final List<ServerProcess> started = new ArrayList<>();

  @BeforeEach
  void openFolder() {
    folder = DataFolder.open(temporary, new SecureRandom());
  }

  @AfterEach
  void endEverything() {
    started.forEach(ServerProcess::kill);
    folder.close();
  }

  private ServerProcess start(int place, String script, StopSignal signal, Duration patience)
      throws IOException {
    ServerProcess process =
        ServerProcess.start(
            folder,
            new ServerProcess.Order(
                place,
                "Server " + place,
                "server-" + place,
                List.of("sh", "-c", script),
                Map.of(),
                signal,
                patience));
    started.add(process);
    return process;
  }

  @Test
  void politeServerIsStoppedAndItsRecordIsGone() throws IOException {
    ServerProcess process = start(1, "exec sleep 60", StopSignal.TERM, Duration.ofSeconds(20));

    process.stop(told::add);

    assertThat(process.isAlive()).isFalse();
    assertThat(temporary.resolve("run")).isEmptyDirectory();
    assertThat(told).singleElement().asString().startsWith("Server 1 stopped in ");
  }

  @Test
  void serverThatDoesNotHeedIsKilled() throws Exception {
    ServerProcess process =
        start(
            1,
            "trap '' TERM; echo deaf; while :; do sleep 0.05; done",
            StopSignal.TERM,
            Duration.ofMillis(300));
    Waiting.until(
        process, Duration.ofSeconds(20), () -> Files.readString(process.log()).contains("deaf"));

    process.stop(told::add);

    assertThat(process.isAlive()).isFalse();
    assertThat(told).singleElement().asString().contains("did not heed TERM and was killed");
  }

  @Test
  void serverOfAnEarlierRunIsFoundInTheOrderOfStopping() throws IOException {
    ServerProcess later = start(5, "exec sleep 60", StopSignal.INT, Duration.ofSeconds(20));
    ServerProcess sooner = start(1, "exec sleep 60", StopSignal.TERM, Duration.ofSeconds(20));

    List<ServerProcess> found = ServerProcess.leftBehind(folder);

    assertThat(found).extracting(ServerProcess::pid).containsExactly(sooner.pid(), later.pid());
    found.forEach(process -> process.stop(told::add));
    assertThat(sooner.isAlive()).isFalse();
    assertThat(later.isAlive()).isFalse();
    assertThat(told).hasSize(2);
  }

  @Test
  void processThatOnlyHasTheSameNumberIsLeftAlone() throws IOException {
    ServerProcess process = start(1, "exec sleep 60", StopSignal.TERM, Duration.ofSeconds(20));
    Path record = temporary.resolve("run/1-server-1");
    Files.writeString(
        record, Files.readString(record).replaceAll("started=\\d+", "started=1234567890123"));

    assertThat(ServerProcess.leftBehind(folder)).isEmpty();
    assertThat(process.isAlive()).isTrue();
    assertThat(record).doesNotExist();
  }

  @Test
  void deathWhileStartingIsToldWithTheLastLines() throws IOException {
    ServerProcess process =
        start(1, "echo no room on device; exit 3", StopSignal.TERM, Duration.ofSeconds(20));

    assertThatThrownBy(() -> Waiting.until(process, Duration.ofSeconds(20), () -> false))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("Server 1 ended while it was starting")
        .hasMessageContaining("no room on device");
  }

  @Test
  void slownessBeyondTheLimitIsToldWithTheSetting() throws IOException {
    ServerProcess process = start(1, "exec sleep 60", StopSignal.TERM, Duration.ofSeconds(20));

    assertThatThrownBy(() -> Waiting.until(process, Duration.ofMillis(200), () -> false))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("kailash.start.seconds");
  }

  @Test
  void serverLeadsASessionOfItsOwn() throws Exception {
    ServerProcess process =
        start(
            1,
            "cut -d' ' -f6 /proc/self/stat; exec sleep 60",
            StopSignal.TERM,
            Duration.ofSeconds(20));
    Waiting.until(
        process, Duration.ofSeconds(20), () -> !Files.readString(process.log()).isBlank());

    assertThat(Files.readString(process.log()).strip()).isEqualTo(Long.toString(process.pid()));
  }
}
