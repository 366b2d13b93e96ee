package io.kailash.certification.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import io.kailash.certification.judgement.Assessment;
import io.kailash.certification.judgement.Assessment.CriterionResult;
import io.kailash.certification.judgement.Assessment.GateResult;
import io.kailash.certification.judgement.Finding;
import io.kailash.certification.judgement.Measured;
import io.kailash.certification.judgement.Verdict;
import io.kailash.certification.results.Run;
import io.kailash.certification.targets.Target;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An assessment for people: one page that holds everything it shows. */
public final class HtmlReport {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final double FULL_BAR_PERCENT = 100;

  private HtmlReport() {}

  /**
   * Writes it.
   *
   * @param title what it is called
   * @param repeat the command that does it again
   */
  public static void write(Assessment assessment, String title, String repeat, Path file)
      throws IOException {
    Template template = templates().getTemplate("report.ftlh");
    try (Writer out = Files.newBufferedWriter(file, UTF_8)) {
      template.process(model(assessment, title, repeat), out);
    } catch (TemplateException e) {
      throw new IOException("the report cannot be written", e);
    }
  }

  /** The templates beside this class. What a value holds is escaped. */
  static Configuration templates() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(HtmlReport.class, "");
    configuration.setDefaultEncoding(UTF_8.name());
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setLocale(Locale.ROOT);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    return configuration;
  }

  private static Map<String, Object> model(Assessment assessment, String title, String repeat) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("title", title);
    model.put("verdict", said(assessment.word()));
    model.put("tone", tone(assessment.word()));
    model.put("at", MINUTE.format(assessment.at()));
    model.put("marks", assessment.marks().stream().map(Enum::name).toList());
    model.put("build", assessment.build());
    model.put("where", assessment.where());
    model.put("memory", Figures.say(assessment.where().memoryBytes(), "bytes"));
    model.put("missing", assessment.missing());
    model.put("repeat", repeat);
    model.put("tally", tally(assessment));
    model.put("gates", assessment.gates().stream().map(HtmlReport::gate).toList());
    model.put("others", assessment.others().stream().map(HtmlReport::row).toList());
    List<Map<String, Object>> runs = new ArrayList<>();
    assessment.runs().forEach((folder, run) -> runs.add(run(folder, run)));
    model.put("runs", runs);
    model.put(
        "evidence",
        assessment.evidence().stream()
            .map(
                file ->
                    Map.of(
                        "file", file.file().getFileName().toString(),
                        "drill", file.drill(),
                        "at", MINUTE.format(file.endedAt()),
                        "sha256", file.sha256()))
            .toList());
    model.put("rulings", assessment.targets().rulings());
    model.put(
        "notJudged",
        assessment.notJudged().stream()
            .map(
                target ->
                    Map.of(
                        "line", target.line(),
                        "says", target.says(),
                        "wanted", wanted(target),
                        "why", NotJudged.why(target)))
            .toList());
    return model;
  }

  private static List<Map<String, Object>> tally(Assessment assessment) {
    List<Map<String, Object>> tally = new ArrayList<>();
    List<Verdict.Word> words = new ArrayList<>(List.of(Verdict.Word.values()));
    java.util.Collections.reverse(words);
    for (Verdict.Word word : words) {
      long count =
          assessment.gates().stream()
              .flatMap(gate -> gate.findings().stream())
              .filter(finding -> finding.verdict().word() == word)
              .count();
      tally.add(Map.of("word", said(word), "tone", tone(word), "count", count));
    }
    return tally;
  }

  private static Map<String, Object> gate(GateResult gate) {
    return Map.of(
        "number", gate.gate(),
        "name", gate.name(),
        "verdict", said(gate.word()),
        "tone", tone(gate.word()),
        "criteria", gate.criteria().stream().map(HtmlReport::criterion).toList());
  }

  private static Map<String, Object> criterion(CriterionResult criterion) {
    return Map.of(
        "says", criterion.criterion().says(),
        "line", criterion.criterion().line(),
        "verdict", said(criterion.word()),
        "tone", tone(criterion.word()),
        "rows", criterion.findings().stream().map(HtmlReport::row).toList());
  }

  private static Map<String, Object> row(Finding finding) {
    Target target = finding.criterion().target();
    Optional<Measured> measured = finding.verdict().figures();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("says", target.says());
    row.put("id", finding.criterion().id());
    row.put("line", target.line());
    row.put("ruling", target.ruling().orElse(""));
    row.put("from", finding.criterion().use().scenario().orElse(target.drill().orElse("")));
    row.put(
        "wanted",
        measured
            .filter(m -> target.measure().equals(Optional.of(Target.Measure.DURATION)))
            .map(m -> "≥ " + Figures.say(m.limit(), target.unit()))
            .orElse(wanted(target)));
    row.put("actual", measured.map(m -> Figures.say(m.actual(), target.unit())).orElse(""));
    row.put(
        "observed",
        measured
            .map(m -> observed(m, target.unit()))
            .filter(said -> !said.equals(row.get("actual")))
            .orElse(""));
    row.put(
        "count",
        measured.map(m -> m.ways().stream().mapToLong(w -> w.count()).max().orElse(0)).orElse(0L));
    row.put("hasMargin", measured.isPresent());
    double margin = measured.map(Measured::margin).orElse(0.0);
    row.put(
        "margin",
        measured.isEmpty() || !Double.isFinite(margin)
            ? ""
            : (margin > 0 ? "+" : "") + Figures.digits(Math.rint(margin * 10) / 10) + " %");
    double shown = Math.max(-FULL_BAR_PERCENT, Math.min(FULL_BAR_PERCENT, margin));
    row.put("barLeft", String.format(Locale.ROOT, "%.1f", shown < 0 ? 50 + shown / 2 : 50));
    row.put("barWidth", String.format(Locale.ROOT, "%.1f", Math.abs(shown) / 2));
    row.put("verdict", said(finding.verdict().word()));
    row.put("tone", tone(finding.verdict().word()));
    row.put(
        "reason", finding.verdict().word() == Verdict.Word.PASS ? "" : finding.verdict().reason());
    row.put("method", measured.map(Measured::method).orElse(""));
    row.put("marks", finding.marks().stream().map(Enum::name).toList());
    return row;
  }

  private static String observed(Measured measured, String unit) {
    return String.join(
        " / ",
        measured.ways().stream()
            .map(way -> Figures.say(way.observed(), unit))
            .distinct()
            .limit(4)
            .toList());
  }

  private static String wanted(Target target) {
    if (target.unit().isEmpty()) {
      return "";
    }
    String value = Figures.say(target.value(), target.unit());
    return switch (target.direction()) {
      case AT_MOST -> "≤ " + value;
      case BELOW -> "< " + value;
      case AT_LEAST -> "≥ " + value;
      case ABOVE -> "> " + value;
      case WITHIN -> value + " ± " + Figures.say(target.tolerance(), target.unit());
      case IS -> value;
    };
  }

  private static Map<String, Object> run(String folder, Run run) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("folder", folder);
    model.put("scenario", run.phase().scenario());
    model.put(
        "load",
        run.phase().open()
            ? "open, " + Figures.digits(run.phase().plannedRate()) + " arrivals a second"
            : "closed, " + run.phase().plannedUsers() + " users");
    model.put("samples", Figures.digits(run.all().count()));
    model.put("wrong", Figures.digits(run.all().wrong()));
    model.put("duration", Figures.say(run.spanSeconds(), "s"));
    model.put("specified", Figures.say(run.phase().durationSpecifiedS(), "s"));
    model.put("compressed", run.phase().compressed());
    model.put(
        "hits",
        run.phase().cacheHitRatio() == null
            ? "not recorded"
            : Figures.say(run.phase().cacheHitRatio(), "share"));
    model.put(
        "generator",
        run.phase().generator() == null || run.phase().generator().cpuShare() == null
            ? "not recorded"
            : Figures.say(run.phase().generator().cpuShare(), "share")
                + " of its cores, longest pause "
                + Figures.say(
                    run.phase().generator().maxPauseMs() == null
                        ? Double.NaN
                        : run.phase().generator().maxPauseMs(),
                    "ms"));
    List<Map<String, Object>> charts = new ArrayList<>();
    new Charts(run)
        .all()
        .forEach(
            (title, chart) ->
                charts.add(Map.of("title", title, "svg", chart.svg(), "names", chart.names())));
    model.put("charts", charts);
    return model;
  }

  private static String said(Verdict.Word word) {
    return word.name().replace('_', ' ');
  }

  private static String tone(Verdict.Word word) {
    return switch (word) {
      case PASS -> "pass";
      case FAIL -> "fail";
      case VOID -> "void";
      case NOT_RUN -> "none";
      case INSUFFICIENT_DATA -> "few";
    };
  }
}
