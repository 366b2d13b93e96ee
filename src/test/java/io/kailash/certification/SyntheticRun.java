package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.targets.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Results as a run would leave them behind, made up to the sample. */
final class SyntheticRun {
  static final String BUILD = "a".repeat(64);
  static final long START = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
  static final double MACHINE_BYTES = 16e9;
  static final String HEADER =
      "timeStamp,elapsed,label,responseCode,success,bytes,sentBytes,grpThreads,allThreads,Latency,Connect,planned";

  /** A sample; times in milliseconds, {@code at} after the start. */
  record Sample(
      String label,
      double at,
      double elapsed,
      boolean right,
      long bytes,
      long sent,
      long threads,
      boolean late) {
    Sample taking(double millis) {
      return new Sample(label, at, millis, right, bytes, sent, threads, late);
    }

    Sample wrong() {
      return new Sample(label, at, elapsed, false, 0, sent, threads, late);
    }
  }

  final Scenario scenario;
  final ObjectNode phase = new ObjectMapper().createObjectNode();
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> resources = new ArrayList<>();
  private double seconds = 60;

  SyntheticRun(Scenario scenario) {
    this.scenario = scenario;
    phase.put("scenario", scenario.id());
    phase.put("gate", "1");
    boolean open = scenario.kind() == Scenario.Kind.OPEN;
    phase.put("kind", open ? "open" : "closed");
    if (open) {
      phase.put("planned_rate", scenario.rate().orElseThrow());
    } else {
      phase.put("planned_users", scenario.users().orElse(1));
    }
    phase.put("started_at", Instant.ofEpochMilli(START).toString());
    phase.put("ended_at", Instant.ofEpochMilli(START + 60_000).toString());
    phase.put("warmup_requests", 1000);
    phase.put("time_scale", 1.0);
    phase.put("cache_hit_ratio", 0.04);
    phase.putObject("generator").put("cpu_share", 0.2).put("max_pause_ms", 12).put("cores", 2);
    phase.putObject("build").put("version", "1.0").put("war_sha256", BUILD).put("commit", "abc");
    phase.put("target", "http://127.0.0.1:8080");
    phase.putObject("machine").put("cores", 16).put("memory_bytes", (long) MACHINE_BYTES);
    resource("service", 60, 0.3, 1e9, 3e8, 0.6);
  }

  SyntheticRun seconds(double wanted) {
    seconds = wanted;
    return this;
  }

  SyntheticRun add(Sample sample) {
    samples.add(sample);
    return this;
  }

  /**
   * As many samples as wanted, evenly spread over {@code span} milliseconds from the first to the
   * last.
   */
  SyntheticRun spread(String label, int count, double span, double elapsed) {
    for (int i = 0; i < count; i++) {
      double at = count == 1 ? 0 : span * i / (count - 1);
      samples.add(
          new Sample(label, at, elapsed, true, 400, 300, scenario.users().orElse(1), false));
    }
    return this;
  }

  SyntheticRun change(UnaryOperator<Sample> change) {
    samples.replaceAll(change);
    return this;
  }

  SyntheticRun noResources() {
    resources.clear();
    return this;
  }

  SyntheticRun resource(
      String process, int count, double cpu, double rss, double heap, double free) {
    for (int i = 0; i < count; i++) {
      resourceAt(process, i, cpu, rss, heap, free);
    }
    return this;
  }

  SyntheticRun resourceAt(
      String process, int second, double cpu, double rss, double heap, double free) {
    resources.add(
        String.format(
            Locale.ROOT,
            "%d,%s,%.9f,%.0f,%.0f,%.9f",
            START + second * 1000L,
            process,
            cpu,
            rss,
            heap,
            free));
    return this;
  }

  /** Writes the three files. */
  Path in(Path folder) {
    double span = 0;
    for (Sample sample : samples) {
      span = Math.max(span, sample.at() + sample.elapsed());
    }
    phase.put("duration_planned_s", Math.min(seconds, span / 1000));
    phase.put(
        "duration_specified_s",
        phase.path("duration_specified_s").asDouble(Math.min(seconds, span / 1000)));
    if (!phase.has("planned_arrivals")) {
      phase.put("planned_arrivals", samples.size());
      phase.put("started_arrivals", samples.size());
    }
    boolean open = scenario.kind() == Scenario.Kind.OPEN;
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Sample s : samples) {
      long planned = START + Math.round(s.at());
      long sent = planned + (s.late() ? 5000 : 0);
      text.append(sent)
          .append(',')
          .append(number(s.elapsed()))
          .append(',')
          .append(s.label())
          .append(s.right() ? ",200,true," : ",500,false,")
          .append(s.bytes())
          .append(',')
          .append(s.sent())
          .append(",1,")
          .append(s.threads())
          .append(",0,0,")
          .append(open ? String.valueOf(planned) : "")
          .append('\n');
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("samples.jtl"), text, UTF_8);
      Files.writeString(folder.resolve("phase.json"), phase.toPrettyString(), UTF_8);
      if (!resources.isEmpty()) {
        Files.writeString(
            folder.resolve("resources.csv"),
            "epoch_ms,process,cpu_share,rss_bytes,heap_used_bytes,disk_free_share\n"
                + String.join("\n", resources)
                + "\n",
            UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static String number(double millis) {
    return millis == Math.rint(millis)
        ? String.valueOf((long) millis)
        : String.format(Locale.ROOT, "%.3f", millis);
  }

  /** A run in which nothing is wrong, as short as its criteria allow. */
  static SyntheticRun healthy(Scenario scenario) {
    SyntheticRun run = new SyntheticRun(scenario);
    double all = scenario.labels().values().stream().mapToDouble(Double::doubleValue).sum();
    boolean open = scenario.kind() == Scenario.Kind.OPEN;
    double span;
    int count;
    if (open) {
      double rate = scenario.rate().orElseThrow();
      span = rate > 4000 ? 3000 : rate < 10 ? 120_000 : rate < 200 ? 36_000 : 12_000;
      count = (int) Math.round(rate * span / 1000);
      if (scenario.specified()) {
        run.phase.put("time_scale", span / scenario.duration().toMillis());
      }
    } else {
      span = scenario.specified() ? scenario.duration().toMillis() : 60_000;
      count = 12_000;
    }
    run.phase.put(
        "duration_specified_s",
        scenario.specified() ? scenario.duration().toSeconds() : span / 1000);
    run.seconds(span / 1000);
    int i = 0;
    double taken = 0;
    List<String> order = new ArrayList<>();
    for (Map.Entry<String, Double> label : scenario.labels().entrySet()) {
      taken += label.getValue();
      while (i < Math.round(count * taken / all)) {
        order.add(label.getKey());
        i++;
      }
    }
    // Operations alternate; a step that shares no factor with the count visits each place once.
    int step = (int) (count * 0.618) | 1;
    while (gcd(step, count) != 1) {
      step += 2;
    }
    for (int k = 0; k < count; k++) {
      String label = order.get((int) ((long) k * step % count));
      double elapsed = label.startsWith("redis") ? 0 : 3 + k % 3;
      run.add(
          new Sample(
              label,
              span * k / count,
              elapsed,
              true,
              3_000_000,
              3_000_000,
              scenario.users().orElse(1),
              false));
    }
    if (scenario.labels().containsKey("live.stay")) {
      run.spread("live.connect", 1000, 500, 20).spread("live.stay", 1000, 500, span - 500);
    }
    return run;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
