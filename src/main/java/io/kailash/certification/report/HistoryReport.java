package io.kailash.certification.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import freemarker.template.TemplateException;
import io.kailash.certification.regression.History;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The history of a class of machines as one page: a chart for each figure, and its change. */
public final class HistoryReport {
  private HistoryReport() {}

  /**
   * Writes it.
   *
   * @param alarmAt change for the worse, as a share, from which on there is an alarm
   * @param seed of the test for a change
   */
  public static void write(
      History history, String machineClass, double alarmAt, long seed, Path file)
      throws IOException {
    List<Map<String, Object>> figures = new ArrayList<>();
    for (String figure : history.figures()) {
      Optional<History.Change> change = history.change(figure, alarmAt, seed);
      figures.add(
          Map.of(
              "name", figure,
              "alarm", change.map(History.Change::alarm).orElse(false),
              "says",
                  change
                      .map(HistoryReport::says)
                      .orElse("fewer than " + History.FEWEST_RUNS + " runs show no trend"),
              "svg", chart(history, figure, change).svg()));
    }
    try (Writer out = Files.newBufferedWriter(file, UTF_8)) {
      HtmlReport.templates()
          .getTemplate("history.ftlh")
          .process(
              Map.of("machine", machineClass, "runs", history.entries().size(), "figures", figures),
              out);
    } catch (TemplateException e) {
      throw new IOException("the history cannot be written", e);
    }
  }

  private static String says(History.Change change) {
    return String.format(
        Locale.ROOT,
        "%s since %s: %.1f %% %s, from %s to %s; by chance in %.1f %% of cases",
        change.alarm() ? "ALARM" : "largest change",
        change.since().version() == null ? change.since().at() : change.since().version(),
        100 * Math.abs(change.shift()),
        change.shift() > 0 ? "worse" : "better",
        Figures.digits(change.before()),
        Figures.digits(change.after()),
        100 * change.chance());
  }

  private static Chart chart(History history, String figure, Optional<History.Change> change) {
    List<History.Entry> entries =
        history.entries().stream().filter(e -> e.figures().containsKey(figure)).toList();
    double[] x = IntStream.rangeClosed(1, entries.size()).asDoubleStream().toArray();
    double[] y = entries.stream().mapToDouble(e -> e.figures().get(figure)).toArray();
    Chart chart = new Chart(figure + " run by run", "run", List.of(new Chart.Series(figure, x, y)));
    return change
        .filter(History.Change::alarm)
        .map(
            c ->
                chart.levels(
                    List.of(
                        new Chart.Level("before", c.before()),
                        new Chart.Level("since", c.after()))))
        .orElse(chart);
  }
}
