package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kailash.certification.certificate.Envelope;
import io.kailash.certification.certificate.SigningKey;
import io.kailash.certification.certificate.Statement;
import io.kailash.certification.judgement.Assessment;
import io.kailash.certification.judgement.Assessment.GateResult;
import io.kailash.certification.judgement.Assessor;
import io.kailash.certification.judgement.Finding;
import io.kailash.certification.judgement.Verdict;
import io.kailash.certification.report.HtmlReport;
import io.kailash.certification.report.JUnitReport;
import io.kailash.certification.report.JsonReport;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.targets.BrokenFileException;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Targets;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Judges what a gate's runs left behind, and writes {@code report.html}, {@code report.json} and
 * {@code junit.xml}.
 *
 * <p>Ends with 0 if everything passed, 1 if something failed, 2 if nothing failed but not
 * everything was shown, or if it could not judge at all.
 */
public final class Gate {
  static final int NOT_JUDGEABLE = 2;

  /** Signed, and nothing that is required is missing. */
  static final String CERTIFICATE = "certificate.json";

  /** Signed, with the list of what is missing. */
  static final String SIGNED_REPORT = "signed-report.json";

  /** Private key that is made where none is given. */
  static final String KEY = "signing-key.pem";

  private final PrintStream out;
  private final Clock clock;

  Gate(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /** What {@code --help} says. */
  static final String USAGE =
      """
      --gate 1|2|3|4|all      which gate (all)
      --results FOLDER        a folder for each gate, with one for each scenario (target/certification)
      --out FOLDER            where reports go (the gate's folder in the results)
      --jmeter FOLDER         where targets.yaml and scenarios.yaml are (jmeter)
      --evidence FOLDER       evidence of drills (none)
      --only NAME,…           only these scenarios, figures or drills; * for any letters
      --war FILE              the build that is judged (what the results name)
      --max-age DURATION      how old evidence may be (P30D)
      --time-scale NUMBER     as the runs were shortened; only printed
      --accept WHAT           what ends with 0: only a pass (passed); also what was measured whole and
                              did not fail, but could not be shown (measured); also what was measured
                              whole and failed by its speed or its use of resources, not by wrong
                              answers, for a machine whose speed is not known (working)
      --key FILE              private key to sign with, PKCS #8 in PEM (made if it is not there)
      """;

  /** Judges and ends. */
  public static void main(String[] arguments) {
    System.exit(new Gate(System.out, Clock.systemUTC()).run(arguments));
  }

  int run(String... arguments) {
    try {
      Options options =
          Options.of(
              List.of(
                  "gate",
                  "results",
                  "out",
                  "jmeter",
                  "evidence",
                  "only",
                  "war",
                  "max-age",
                  "time-scale",
                  "accept",
                  "key"),
              arguments);
      if (options.help()) {
        out.print(USAGE);
        return 0;
      }
      return judge(options);
    } catch (BrokenFileException | Options.WrongOptionException e) {
      out.println("cannot judge: " + e.getMessage());
      return NOT_JUDGEABLE;
    } catch (IOException e) {
      out.println("cannot judge: " + e);
      return NOT_JUDGEABLE;
    }
  }

  private int judge(Options options) throws IOException {
    String accept = options.text("accept").orElse("passed");
    Predicate<Assessment> enough = enough(accept);
    Path jmeter = options.path("jmeter", "jmeter");
    Scenarios scenarios = Scenarios.read(jmeter);
    Targets targets = Targets.read(jmeter, scenarios);
    String named = options.text("gate").orElse("all");
    List<Integer> gates = gates(named, targets);
    Path results = options.path("results", "target/certification");
    Path to =
        options
            .text("out")
            .map(Path::of)
            .orElse(named.equals("all") ? results : results.resolve("gate-" + named));
    Evidence.Folder evidence =
        options.text("evidence").isEmpty()
            ? Evidence.Folder.none()
            : Evidence.readAll(
                options.path("evidence", ""), jmeter.resolve("evidence.schema.json"));
    Optional<String> war = Optional.empty();
    if (options.text("war").isPresent()) {
      war = Optional.of(Evidence.sha256(options.path("war", "")));
    }
    Assessment assessment =
        new Assessor(
                targets,
                scenarios,
                new Assessor.Order(
                    results,
                    gates,
                    options.list("only"),
                    evidence,
                    war,
                    clock.instant(),
                    age(options.text("max-age").orElse("P30D"))),
                ThisMachine.describe())
            .assess();
    Files.createDirectories(to);
    JsonNode report = JsonReport.of(assessment);
    write(to.resolve("report.json"), report);
    JUnitReport.write(assessment, to.resolve("junit.xml"));
    HtmlReport.write(
        assessment, title(assessment, named), repeat(named, options), to.resolve("report.html"));
    say(assessment, to);
    if (named.equals("all")) {
      sign(assessment, report, results, jmeter, to, options);
    }
    if (assessment.exitCode() != 0 && enough.test(assessment)) {
      out.println("accepted without a pass, as --accept " + accept + " asks for");
      return 0;
    }
    return assessment.exitCode();
  }

  /** What is enough to end well where not everything passed. No verdict changes by it. */
  private static Predicate<Assessment> enough(String accept) {
    return switch (accept) {
      case "passed" -> assessment -> false;
      case "measured" -> assessment -> assessment.measuredWithoutFailure(finding -> true);
      case "working" -> assessment -> assessment.measuredWithoutFailure(Gate::isOfWrongAnswers);
      default ->
          throw new Options.WrongOptionException(
              "--accept: '" + accept + "' is neither passed nor measured nor working");
    };
  }

  /**
   * Whether a failure is one of answers; a time is infinite where answers were wrong or missing.
   */
  private static boolean isOfWrongAnswers(Finding finding) {
    return finding
            .criterion()
            .target()
            .measure()
            .filter(
                measure ->
                    measure == Target.Measure.ERROR_RATE || measure == Target.Measure.SUCCESS_RATE)
            .isPresent()
        || finding.verdict().figures().filter(m -> Double.isInfinite(m.actual())).isPresent();
  }

  private void sign(
      Assessment assessment, JsonNode report, Path results, Path jmeter, Path to, Options options)
      throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String file : List.of("targets.yaml", "scenarios.yaml")) {
      files.put(file, Evidence.sha256(jmeter.resolve(file)));
    }
    Path recorded = results.resolve("settings.json");
    JsonNode settings =
        Files.exists(recorded) ? new ObjectMapper().readTree(Files.readAllBytes(recorded)) : null;
    JsonNode statement = Statement.of(assessment, report, files, settings);
    // What an earlier run left must not be taken for what this one says.
    Files.deleteIfExists(to.resolve(CERTIFICATE));
    Files.deleteIfExists(to.resolve(SIGNED_REPORT));
    Path file = to.resolve(Statement.isCertificate(statement) ? CERTIFICATE : SIGNED_REPORT);
    Path key = options.text("key").map(Path::of).orElse(to.resolve(KEY));
    write(file, Envelope.sign(statement, SigningKey.in(key)));
    out.println("signed: " + file);
  }

  private static void write(Path file, JsonNode content) throws IOException {
    Files.writeString(
        file,
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(content),
        UTF_8);
  }

  private static String title(Assessment assessment, String named) {
    if (named.equals("all")) {
      return assessment.missing().isEmpty() ? "Certificate" : "Report of all gates";
    }
    return "Gate " + named + ": " + assessment.gates().get(0).name();
  }

  private static String repeat(String named, Options options) {
    return "mvn verify -P"
        + (named.equals("all") ? "certify" : "gate-" + named)
        + options.text("time-scale").map(scale -> " -Dgate.time-scale=" + scale).orElse("")
        + (options.list("only").isEmpty()
            ? ""
            : " -Dgate.only=" + String.join(",", options.list("only")));
  }

  private void say(Assessment assessment, Path to) {
    for (GateResult gate : assessment.gates()) {
      out.println("gate " + gate.gate() + ", " + gate.name() + ": " + gate.word());
      for (Finding finding : gate.findings()) {
        if (finding.verdict().word() != Verdict.Word.PASS) {
          out.println(
              "  "
                  + finding.verdict().word()
                  + " "
                  + finding.criterion().id()
                  + ": "
                  + finding.verdict().reason());
        }
      }
      long passed =
          gate.findings().stream().filter(f -> f.verdict().word() == Verdict.Word.PASS).count();
      out.println("  " + passed + " of " + gate.findings().size() + " criteria passed");
    }
    if (!assessment.marks().isEmpty()) {
      out.println("marks: " + assessment.marks());
    }
    out.println(assessment.word() + ", see " + to.resolve("report.html"));
  }

  private static List<Integer> gates(String named, Targets targets) {
    if (named.equals("all")) {
      return new ArrayList<>(targets.gates().keySet());
    }
    for (int gate : targets.gates().keySet()) {
      if (named.equals(String.valueOf(gate))) {
        return List.of(gate);
      }
    }
    throw new Options.WrongOptionException("there is no gate '" + named + "'");
  }

  private static Duration age(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new Options.WrongOptionException(
          "--max-age: '" + text + "' is no duration such as P30D");
    }
  }
}
