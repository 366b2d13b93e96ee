package io.kailash.certification.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.judgement.Assessment;
import io.kailash.certification.judgement.Assessment.CriterionResult;
import io.kailash.certification.judgement.Assessment.GateResult;
import io.kailash.certification.judgement.Finding;
import io.kailash.certification.judgement.Measured;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.results.Run;
import io.kailash.certification.targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * An assessment for programs. Times are RFC 3339, values stand in the unit beside them, what never
 * came or is not known is {@code null}.
 */
public final class JsonReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonReport() {}

  /** The whole of it. */
  public static ObjectNode of(Assessment assessment) throws IOException {
    ObjectNode report = JSON.createObjectNode();
    report.put("schema", "kailash-report/1");
    report.put("judged_at", assessment.at().toString());
    report.put("verdict", assessment.word().name());
    report.put("exit_code", assessment.exitCode());
    ArrayNode marks = report.putArray("marks");
    assessment.marks().forEach(mark -> marks.add(mark.name()));
    report.put("certifiable", assessment.missing().isEmpty());
    ArrayNode missing = report.putArray("missing");
    assessment.missing().forEach(missing::add);
    report
        .putObject("build")
        .put("version", assessment.build().version())
        .put("war_sha256", assessment.build().warSha256())
        .put("commit", assessment.build().commit())
        .put("target", assessment.build().target());
    ObjectNode where = report.putObject("where");
    where
        .put("cores", assessment.where().cores())
        .put("memory_bytes", assessment.where().memoryBytes())
        .put("os", assessment.where().os())
        .put("cpu", assessment.where().cpu())
        .put("java", assessment.where().java());
    ArrayNode below = where.putArray("below_spec");
    assessment.where().belowSpec().forEach(below::add);
    ArrayNode gates = report.putArray("gates");
    for (GateResult gate : assessment.gates()) {
      ObjectNode node =
          gates
              .addObject()
              .put("gate", gate.gate())
              .put("name", gate.name())
              .put("verdict", gate.word().name());
      ArrayNode criteria = node.putArray("criteria");
      for (CriterionResult criterion : gate.criteria()) {
        ArrayNode findings =
            criteria
                .addObject()
                .put("id", criterion.criterion().id())
                .put("line", criterion.criterion().line())
                .put("says", criterion.criterion().says())
                .put("verdict", criterion.word().name())
                .putArray("findings");
        criterion.findings().forEach(finding -> findings.add(finding(finding)));
      }
    }
    ArrayNode others = report.putArray("beside_the_gates");
    assessment.others().forEach(finding -> others.add(finding(finding)));
    ArrayNode runs = report.putArray("runs");
    for (Map.Entry<String, Run> entry : assessment.runs().entrySet()) {
      runs.add(run(entry.getKey(), entry.getValue()));
    }
    ArrayNode evidence = report.putArray("evidence");
    for (Evidence file : assessment.evidence()) {
      evidence
          .addObject()
          .put("file", file.file().getFileName().toString())
          .put("sha256", file.sha256())
          .put("drill", file.drill())
          .put("ended_at", file.endedAt().toString());
    }
    ArrayNode notJudged = report.putArray("not_judged");
    for (Target target : assessment.notJudged()) {
      notJudged
          .addObject()
          .put("id", target.id())
          .put("line", target.line())
          .put("judged", target.judged().name().toLowerCase(Locale.ROOT))
          .put("why", NotJudged.why(target));
    }
    ObjectNode rulings = report.putObject("rulings");
    assessment.targets().rulings().forEach(rulings::put);
    return report;
  }

  private static ObjectNode run(String folder, Run run) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("folder", folder)
        .put("scenario", run.phase().scenario())
        .put("samples", run.all().count())
        .put("wrong", run.all().wrong())
        .put("duration_s", run.spanSeconds())
        .put("duration_specified_s", run.phase().durationSpecifiedS())
        .put("time_scale", run.phase().timeScale())
        .put("started_at", run.phase().startedAt())
        .put("cache_hit_ratio", run.phase().cacheHitRatio());
    ObjectNode digests = node.putObject("sha256");
    for (String file : new String[] {"samples.jtl", "phase.json", "resources.csv"}) {
      Path path = run.folder().resolve(file);
      if (java.nio.file.Files.exists(path)) {
        digests.put(file, Evidence.sha256(path));
      }
    }
    return node;
  }

  private static ObjectNode finding(Finding finding) {
    Target target = finding.criterion().target();
    ObjectNode node = JSON.createObjectNode();
    node.put("id", finding.criterion().id())
        .put("target", target.id())
        .put("line", target.line())
        .put("says", target.says())
        .put("scenario", finding.criterion().use().scenario().orElse(null))
        .put("drill", target.drill().orElse(null))
        .put("ruling", target.ruling().orElse(null))
        .put("verdict", finding.verdict().word().name())
        .put(
            "passed",
            finding.verdict().word() == io.kailash.certification.judgement.Verdict.Word.PASS)
        .put("reason", finding.verdict().reason())
        .put("direction", target.direction().name().toLowerCase(Locale.ROOT))
        .put("target_value", target.value())
        .put("unit", target.unit());
    ArrayNode marks = node.putArray("marks");
    finding.marks().forEach(mark -> marks.add(mark.name()));
    finding
        .verdict()
        .figures()
        .ifPresent(
            measured -> {
              put(node, "limit", measured.limit());
              put(node, "actual", measured.actual());
              put(node, "margin_percent", measured.margin());
              node.put("method", measured.method());
              ArrayNode ways = node.putArray("ways");
              for (Measured.Estimate way : measured.ways()) {
                ObjectNode estimate = ways.addObject().put("way", way.way());
                put(estimate, "observed", way.observed());
                put(estimate, "favourable", way.favourable());
                put(estimate, "unfavourable", way.unfavourable());
                estimate.put("count", way.count());
              }
            });
    return node;
  }

  /** JSON knows no infinity. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
