package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.certification.regression.Regression;
import io.kailash.certification.regression.Regression.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the segments of two builds hold is read as it was measured. */
class ComparisonTest {

  private static final Path JMETER = Path.of("jmeter");

  @TempDir Path folder;

  /** Both of a pair have the machine's mood in common. */
  private void segments(int pairs, double slower, long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < pairs; i++) {
      double mood = Math.exp(0.2 * random.nextGaussian());
      segment(String.format(Locale.ROOT, "%04d-baseline", i), mood, random);
      segment(String.format(Locale.ROOT, "%04d-candidate", i), mood * slower, random);
    }
  }

  private void segment(String name, double factor, Random random) throws IOException {
    Path segment = folder.resolve(name);
    Files.createDirectories(segment);
    double own = factor * Math.exp(0.01 * random.nextGaussian());
    StringBuilder samples =
        new StringBuilder("timeStamp,elapsed,label,success,\"planned\",\"elapsed_us\"\n");
    int count = (int) (1000 / own);
    for (int i = 0; i < count; i++) {
      long micros = Math.round(2_000 * own * Math.exp(0.3 * random.nextGaussian()));
      samples
          .append("1,")
          .append(micros / 1000)
          .append(",classify,true,,")
          .append(micros)
          .append('\n');
    }
    Files.writeString(segment.resolve("samples.jtl"), samples, UTF_8);
    Files.writeString(
        segment.resolve(Phase.FILE),
        String.format(
            Locale.ROOT,
            "{\"duration_planned_s\":2,\"service_cpu_s\":%f}",
            count * 0.0005 * Math.exp(0.01 * random.nextGaussian()) * (own / factor) * factor),
        UTF_8);
  }

  private Regression.Result compared() throws IOException {
    return Comparison.compare(
        JMETER, Comparison.segments(folder, "baseline"), Comparison.segments(folder, "candidate"));
  }

  @Test
  void tenPercentSlowerIsFound() throws IOException {
    segments(12, 1.1, 1);

    Regression.Result result = compared();

    assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(result.comparisons())
        .filteredOn(one -> one.figure().equals("time of classify"))
        .singleElement()
        .satisfies(one -> assertThat(one.change()).isBetween(0.08, 0.12));
    assertThat(result.comparisons())
        .extracting(Regression.Comparison::figure)
        .contains("throughput", "CPU-seconds for a thousand requests");
  }

  @Test
  void theSameBuildPasses() throws IOException {
    segments(12, 1, 2);

    assertThat(compared().outcome()).isEqualTo(Outcome.PASS);
  }

  @Test
  void wrongAnswersOfTheCandidateAreCounted() throws IOException {
    segments(12, 1, 3);
    for (int i = 0; i < 12; i++) {
      Path samples =
          folder.resolve(String.format(Locale.ROOT, "%04d-candidate", i)).resolve("samples.jtl");
      Files.writeString(
          samples,
          Files.readString(samples, UTF_8).replaceFirst("classify,true", "classify,false"),
          UTF_8);
    }

    assertThat(compared().outcome()).isEqualTo(Outcome.FAIL);
  }
}
