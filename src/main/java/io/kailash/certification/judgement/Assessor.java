package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Assessment.Build;
import io.kailash.certification.judgement.Assessment.CriterionResult;
import io.kailash.certification.judgement.Assessment.GateResult;
import io.kailash.certification.judgement.Assessment.Where;
import io.kailash.certification.judgement.Verdict.InsufficientData;
import io.kailash.certification.judgement.Verdict.NotRun;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.results.Phase;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.UnreadableException;
import io.kailash.certification.targets.Criterion;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Target.Judged;
import io.kailash.certification.targets.Targets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the results that belong to the criteria of gates and has them judged. */
public final class Assessor {
  private final Targets targets;
  private final Scenarios scenarios;
  private final Order order;
  private final Where here;
  private final Map<String, Result> results = new HashMap<>();

  /**
   * What is to be judged.
   *
   * @param results folder with a folder for each gate, with a folder for each scenario
   * @param gates which gates
   * @param only scenarios and figures, with {@code *} for any letters; everything if empty
   * @param evidence of drills
   * @param warSha256 digest of the build that is judged; without one, what the results name
   * @param now time of judging
   * @param oldestEvidence how old evidence may be
   */
  public record Order(
      Path results,
      List<Integer> gates,
      List<String> only,
      Evidence.Folder evidence,
      Optional<String> warSha256,
      Instant now,
      Duration oldestEvidence) {}

  private sealed interface Result {
    record Read(Run run) implements Result {}

    record Missing() implements Result {}

    record Broken(String says) implements Result {}
  }

  /**
   * An assessor.
   *
   * @param here the machine this runs on, for results that do not say where they were made
   */
  public Assessor(Targets targets, Scenarios scenarios, Order order, Where here) {
    this.targets = targets;
    this.scenarios = scenarios;
    this.order = order;
    this.here = here;
  }

  /** Judges. */
  public Assessment assess() {
    Predicate<Criterion> wanted = wanted(order.only());
    boolean whole = true;
    Map<Integer, List<Criterion>> criteria = new LinkedHashMap<>();
    for (int gate : order.gates()) {
      List<Criterion> all = targets.criteria(gate);
      criteria.put(gate, all.stream().filter(wanted).toList());
      whole &= criteria.get(gate).size() == all.size();
      criteria
          .get(gate)
          .forEach(
              criterion -> criterion.use().scenario().ifPresent(scenario -> read(gate, scenario)));
    }
    Build build = build();
    List<String> belowSpec = belowSpec(where());
    EvidenceValidator byEvidence =
        new EvidenceValidator(order.evidence().evidence(), order.now(), order.oldestEvidence());
    PerformanceValidator byRun = new PerformanceValidator(targets, scenarios, here.memoryBytes());
    List<GateResult> gates = new ArrayList<>();
    criteria.forEach(
        (gate, needed) ->
            gates.add(
                gate(targets.gates().get(gate), needed, build, byRun, byEvidence, belowSpec)));
    return new Assessment(
        order.now(),
        targets,
        gates,
        whole,
        runs(),
        order.evidence().evidence(),
        order.evidence().unreadable(),
        others(byEvidence, build),
        build,
        where(belowSpec));
  }

  private GateResult gate(
      Targets.GateNeeds needs,
      List<Criterion> needed,
      Build build,
      PerformanceValidator byRun,
      EvidenceValidator byEvidence,
      List<String> belowSpec) {
    List<CriterionResult> results = new ArrayList<>();
    for (Targets.GateCriterion criterion : needs.criteria()) {
      List<Finding> findings =
          needed.stream()
              .filter(c -> c.use().criterion().equals(criterion.id()))
              .map(c -> finding(c, build, byRun, byEvidence, belowSpec))
              .toList();
      if (!findings.isEmpty() || order.only().isEmpty()) {
        results.add(new CriterionResult(criterion, findings));
      }
    }
    return new GateResult(needs.gate(), needs.name(), results);
  }

  private Finding finding(
      Criterion criterion,
      Build build,
      PerformanceValidator byRun,
      EvidenceValidator byEvidence,
      List<String> belowSpec) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (criterion.target().judged() != Judged.LOAD) {
      return new Finding(criterion, byEvidence.judge(criterion.target(), build.warSha256()), marks);
    }
    Result result =
        results.get(key(criterion.use().gate(), criterion.use().scenario().orElseThrow()));
    Verdict verdict;
    if (result instanceof Result.Read read) {
      verdict = byRun.judge(criterion, read.run(), build.warSha256());
      if (read.run().phase().compressed()) {
        marks.add(Mark.COMPRESSED);
      }
      if (!belowSpec.isEmpty()) {
        marks.add(Mark.BELOW_SPEC);
      }
    } else if (result instanceof Result.Broken broken) {
      verdict = new InsufficientData(Optional.empty(), broken.says());
    } else {
      verdict = new NotRun("no results of scenario " + criterion.use().scenario().orElseThrow());
    }
    return new Finding(criterion, verdict, marks);
  }

  /** What no gate requires, and evidence shows nevertheless. */
  private List<Finding> others(EvidenceValidator byEvidence, Build build) {
    List<Finding> others = new ArrayList<>();
    for (Target target : targets.targets().values()) {
      boolean byFile = target.judged() == Judged.DRILL || target.judged() == Judged.CONFIGURATION;
      if (byFile && target.uses().isEmpty() && target.measure().isEmpty()) {
        Verdict verdict = byEvidence.judge(target, build.warSha256());
        if (!(verdict instanceof NotRun)) {
          others.add(
              new Finding(
                  new Criterion(target, new Target.Use(0, "none", Optional.empty())),
                  verdict,
                  EnumSet.noneOf(Mark.class)));
        }
      }
    }
    return others;
  }

  private void read(int gate, String scenario) {
    results.computeIfAbsent(
        key(gate, scenario),
        ignored -> {
          Optional<Path> folder = folder(gate, scenario);
          if (folder.isEmpty()) {
            return new Result.Missing();
          }
          Set<String> withRates =
              targets.targets().values().stream()
                  .filter(t -> t.measure().equals(Optional.of(Target.Measure.STREAM_RATE)))
                  .map(t -> t.label().orElseThrow())
                  .collect(Collectors.toCollection(TreeSet::new));
          try {
            return new Result.Read(
                Run.read(folder.get(), PerformanceValidator.inTime(targets), withRates));
          } catch (UnreadableException e) {
            return new Result.Broken(e.getMessage());
          }
        });
  }

  /**
   * The results of the gate itself; else those of another gate, as one run may serve several. A
   * folder that exists is taken even if it is empty: results that were lost are no reason to look
   * for others.
   */
  private Optional<Path> folder(int gate, String scenario) {
    List<String> names = new ArrayList<>(List.of("gate-" + gate, String.valueOf(gate)));
    for (int other : targets.gates().keySet()) {
      names.add("gate-" + other);
      names.add(String.valueOf(other));
    }
    return names.stream()
        .map(name -> order.results().resolve(name).resolve(scenario))
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static String key(int gate, String scenario) {
    return gate + " " + scenario;
  }

  private Map<String, Run> runs() {
    Map<String, Run> runs = new TreeMap<>();
    results.forEach(
        (key, result) -> {
          if (result instanceof Result.Read read) {
            runs.put(order.results().relativize(read.run().folder()).toString(), read.run());
          }
        });
    return runs;
  }

  /** The build that was named; else the one of the run that began last. */
  private Build build() {
    Optional<Phase> newest =
        runs().values().stream()
            .map(Run::phase)
            .filter(
                phase ->
                    order.warSha256().isEmpty()
                        || order.warSha256().get().equals(phase.build().warSha256()))
            .max((a, b) -> a.began().compareTo(b.began()));
    if (newest.isEmpty()) {
      Optional<String> drilled =
          order.evidence().evidence().stream().map(Evidence::warSha256).findFirst();
      return new Build("", order.warSha256().or(() -> drilled).orElse(""), "", "");
    }
    Phase.Build build = newest.get().build();
    return new Build(
        known(build.version()),
        build.warSha256(),
        known(build.commit()),
        known(newest.get().target()));
  }

  private static String known(String text) {
    return text == null ? "" : text;
  }

  private Where where() {
    Optional<Phase.Machine> machine =
        runs().values().stream()
            .map(run -> run.phase().machine())
            .filter(m -> m != null && m.cores() != null && m.memoryBytes() != null)
            .findFirst();
    return machine
        .map(
            m ->
                new Where(
                    m.cores(),
                    m.memoryBytes(),
                    m.os() == null ? here.os() : m.os(),
                    m.cpu() == null ? here.cpu() : m.cpu(),
                    m.java() == null ? here.java() : m.java(),
                    List.of()))
        .orElse(here);
  }

  private Where where(List<String> belowSpec) {
    Where where = where();
    return new Where(
        where.cores(), where.memoryBytes(), where.os(), where.cpu(), where.java(), belowSpec);
  }

  /**
   * The least of the application and of every store together, as all run on the one machine (R7).
   */
  private List<String> belowSpec(Where where) {
    double cores = 0;
    double memory = 0;
    for (Target target : targets.targets().values()) {
      if (target.measure().equals(Optional.of(Target.Measure.MACHINE))) {
        if (target.statistic() == Target.Statistic.CORES) {
          cores += target.value();
        } else {
          memory += target.value();
        }
      }
    }
    List<String> less = new ArrayList<>();
    if (where.cores() < cores) {
      less.add(String.format(Locale.ROOT, "%d of %.0f cores", where.cores(), cores));
    }
    if (where.memoryBytes() < memory) {
      less.add(
          String.format(
              Locale.ROOT, "%.1f of %.0f GB of memory", where.memoryBytes() / 1e9, memory / 1e9));
    }
    return less;
  }

  /** A name stands for itself and for everything below it. */
  private static Predicate<Criterion> wanted(List<String> only) {
    List<Pattern> patterns =
        only.stream()
            .map(name -> Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E([.].*)?"))
            .toList();
    return criterion ->
        patterns.isEmpty()
            || patterns.stream()
                .anyMatch(
                    pattern ->
                        pattern.matcher(criterion.target().id()).matches()
                            || pattern.matcher(criterion.use().scenario().orElse("")).matches()
                            || pattern.matcher(criterion.target().drill().orElse("")).matches());
  }
}
