package io.kailash.certification.report;

import io.kailash.certification.report.Chart.Level;
import io.kailash.certification.report.Chart.Series;
import io.kailash.certification.results.Counts;
import io.kailash.certification.results.ResourceLog;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The charts of a run. */
final class Charts {
  private static final double[] PERCENTS = {
    0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 99.999
  };
  private static final int MOST_POINTS = 300;

  private final Run run;
  private final long start;

  Charts(Run run) {
    this.run = run;
    this.start = Math.floorDiv(run.firstMillis(), 1000L);
  }

  /** Title to chart, without those that would be empty. */
  Map<String, Chart> all() {
    Map<String, Chart> charts = new LinkedHashMap<>();
    charts.put("95th percentile over time", latency());
    charts.put(
        "Percentiles, from " + (run.late().count() > 0 ? "the planned start" : "sending"),
        percentiles());
    charts.put("Right answers a second", throughput());
    charts.put("Wrong answers", errors());
    charts.put(
        "Processor, share of the machine",
        resource("processor", ResourceLog.Point::cpuShare, v -> Figures.say(v, "share")));
    charts.put(
        "Memory", resource("memory", ResourceLog.Point::rssBytes, v -> Figures.say(v, "bytes")));
    charts.values().removeIf(Chart::empty);
    return charts;
  }

  private Chart latency() {
    List<Series> lines = new ArrayList<>();
    run.labels()
        .forEach(
            (label, samples) -> {
              int n = samples.chart().size();
              double[] x = new double[n];
              double[] y = new double[n];
              int i = 0;
              for (Map.Entry<Long, org.HdrHistogram.Histogram> stretch :
                  samples.chart().entrySet()) {
                x[i] = stretch.getKey() - start;
                y[i] = stretch.getValue().getValueAtPercentile(95) / 1000.0;
                i++;
              }
              lines.add(new Series(label, x, y));
            });
    return new Chart("95th percentile of the response time over time", "seconds", lines)
        .logarithmic()
        .yText(v -> Figures.say(v, "ms"));
  }

  private Chart percentiles() {
    List<Series> lines = new ArrayList<>();
    run.labels()
        .forEach(
            (label, samples) -> {
              Counts counts =
                  samples.fromPlan().count() > 0 ? samples.fromPlan() : samples.fromSending();
              long came = counts.count() - counts.forever();
              List<double[]> points = new ArrayList<>();
              for (double percent : PERCENTS) {
                // Beyond this there is no sample that stands for the percentile.
                if (came > 0 && (percent <= 50 || came * (1 - percent / 100) >= 1)) {
                  long rank = Math.max(1, (long) Math.ceil(percent / 100 * came));
                  points.add(
                      new double[] {
                        Chart.percentileAt(percent),
                        Math.max(0.001, counts.orderStatistic(rank) / 1000.0)
                      });
                }
              }
              lines.add(
                  new Series(
                      label,
                      points.stream().mapToDouble(p -> p[0]).toArray(),
                      points.stream().mapToDouble(p -> p[1]).toArray()));
            });
    return new Chart("response time by percentile", "percent of the right answers", lines)
        .logarithmic()
        .percentiles()
        .yText(v -> Figures.say(v, "ms"));
  }

  private Chart throughput() {
    Series line = stretches("right answers", tally -> tally.right() / (double) run.chartSeconds());
    Chart chart = new Chart("right answers a second over time", "seconds", List.of(line));
    return run.phase().open()
        ? chart.levels(List.of(new Level("planned", run.phase().plannedRate())))
        : chart;
  }

  private Chart errors() {
    return new Chart(
            "share of wrong answers over time",
            "seconds",
            List.of(
                stretches(
                    "wrong answers",
                    tally -> tally.count() == 0 ? 0 : (double) tally.wrong() / tally.count())))
        .yText(v -> Figures.say(v, "share"))
        .atLeast(0.002)
        .levels(List.of(new Level("limit 0.1 %", 0.001)));
  }

  private Series stretches(String name, ToDoubleFunction<Tally> figure) {
    TreeMap<Long, Tally> stretches = new TreeMap<>();
    long last = run.lastMillis() / 1000;
    // The last stretch is not whole and would look like a fall.
    long whole = (last - start) / run.chartSeconds();
    for (long i = 0; i < Math.max(1, whole); i++) {
      stretches.put(i * run.chartSeconds(), new Tally());
    }
    run.seconds()
        .forEach(
            (second, tally) -> {
              long at = (second - start) / run.chartSeconds() * run.chartSeconds();
              Tally stretch = stretches.get(at);
              if (stretch != null) {
                stretch.add(tally);
              }
            });
    return new Series(
        name,
        stretches.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
        stretches.values().stream().mapToDouble(figure).toArray());
  }

  private Chart resource(
      String what,
      ToDoubleFunction<ResourceLog.Point> figure,
      java.util.function.DoubleFunction<String> text) {
    List<Series> lines = new ArrayList<>();
    run.resources()
        .processes()
        .forEach(
            (process, points) -> {
              int every = Math.max(1, points.size() / MOST_POINTS);
              List<ResourceLog.Point> shown = new ArrayList<>();
              for (int i = 0; i < points.size(); i += every) {
                shown.add(points.get(i));
              }
              lines.add(
                  new Series(
                      process,
                      shown.stream().mapToDouble(p -> p.epochMillis() / 1000.0 - start).toArray(),
                      shown.stream().mapToDouble(figure).toArray()));
            });
    return new Chart(what + " over time", "seconds", lines).yText(text);
  }
}
