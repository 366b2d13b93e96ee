package io.kailash.certification.regression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.certification.regression.History.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that stays is found where it began; weather is not. */
class HistoryTest {
  @TempDir Path folder;
  private int written;

  private History written(String figure, double... values) throws IOException {
    History history = History.read(folder, "m" + written++);
    for (int i = 0; i < values.length; i++) {
      history.add(
          new History.Entry(
              String.format(Locale.ROOT, "2026-01-%02dT00:00:00Z", i + 1),
              "1." + i,
              "c" + i,
              "d",
              Map.of(figure, values[i])));
    }
    return history;
  }

  @Test
  void aLastingChangeForTheWorseIsFoundWhereItBegan() throws IOException {
    Change change =
        written("classify p95", 10, 10.2, 9.9, 10.1, 9.8, 10, 11.4, 11.6, 11.3, 11.5, 11.4, 11.7)
            .change("classify p95", 0.1, 1)
            .orElseThrow();
    assertThat(change.since().version()).isEqualTo("1.6");
    assertThat(change.alarm()).isTrue();
    assertThat(change.shift()).isBetween(0.13, 0.16);
  }

  @Test
  void aChangeForTheBetterAndASmallOneRaiseNoAlarm() throws IOException {
    double[] falling = {10, 10.2, 9.9, 10.1, 9.8, 8, 8.1, 7.9, 8.2, 8};
    assertThat(written("time", falling).change("time", 0.1, 1).orElseThrow().alarm()).isFalse();
    // The same fall is for the worse where more is better.
    assertThat(written("throughput", falling).change("throughput", 0.1, 1).orElseThrow().alarm())
        .isTrue();
    Change small =
        written("time", 10, 10.01, 9.99, 10, 10.02, 10.5, 10.51, 10.5, 10.49, 10.5)
            .change("time", 0.1, 1)
            .orElseThrow();
    assertThat(small.chance()).isLessThan(0.05);
    assertThat(small.alarm()).isFalse();
  }

  @Test
  void oneBadRunIsNoTrend() throws IOException {
    assertThat(
            written("time", 10, 10, 10.1, 9.9, 10, 14, 10, 10.1, 9.9, 10)
                .change("time", 0.1, 1)
                .orElseThrow()
                .alarm())
        .isFalse();
  }

  @Test
  void weatherRaisesTheAlarmSeldom() throws IOException {
    int alarms = 0;
    for (int h = 0; h < 40; h++) {
      Random random = new Random(h);
      double[] values = random.doubles(16).map(u -> 10 + 4 * u).toArray();
      alarms += written("time", values).change("time", 0.1, h).orElseThrow().alarm() ? 1 : 0;
    }
    // 5 % of 40, half of them for the worse, and three standard deviations more.
    assertThat(alarms).isLessThanOrEqualTo(4);
  }

  @Test
  void aShortHistoryHasNoTrendAndABrokenOneIsRefusedWithItsLine() throws IOException {
    assertThat(written("time", 1, 2, 3, 4, 5, 6, 7).change("time", 0.1, 1)).isEmpty();
    Files.writeString(
        folder.resolve("broken.jsonl"), "{\"at\":\"x\",\"figures\":{}}\n{\"at\":\n", UTF_8);
    assertThatThrownBy(() -> History.read(folder, "broken"))
        .hasMessageContaining("broken.jsonl: line 2");
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    History history = written("time", 3, 4);
    History again = History.read(folder, "m0");
    assertThat(again.entries()).isEqualTo(history.entries());
    assertThat(History.machineClass(2, 8_200_000_000L, "AMD EPYC 7763 64-Core Processor"))
        .isEqualTo("2-cores-8-gb-amd-epyc-7763-64-core");
  }
}
