package io.kailash.certification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.SyntheticRun.Sample;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.targets.Criterion;
import io.kailash.certification.targets.Scenario;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Target.Judged;
import io.kailash.certification.targets.Targets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gate passes when everything it requires was shown, and never else. */
class GateTest {
  private static final Path JMETER = Path.of("jmeter");
  private static final Scenarios SCENARIOS = Scenarios.read(JMETER);
  private static final Targets TARGETS = Targets.read(JMETER, SCENARIOS);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  private Path results;
  private Path evidence;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void folders() throws IOException {
    results = folder.resolve("results");
    evidence = Files.createDirectories(folder.resolve("evidence"));
  }

  private void healthy(int gate) throws IOException {
    for (String scenario : TARGETS.scenarios(gate)) {
      SyntheticRun.healthy(SCENARIOS.byId().get(scenario)).in(at(gate, scenario));
    }
    writeEvidence(gate);
  }

  private Path at(int gate, String scenario) {
    return results.resolve("gate-" + gate).resolve(scenario);
  }

  private void broken(int gate, UnaryOperator<Sample> by) {
    for (String name : TARGETS.scenarios(gate)) {
      Scenario scenario = SCENARIOS.byId().get(name);
      SyntheticRun.healthy(scenario).change(by).in(at(gate, name));
    }
  }

  private void writeEvidence(int gate) throws IOException {
    Map<String, List<Target>> drills = new LinkedHashMap<>();
    for (Criterion criterion : TARGETS.criteria(gate)) {
      Target target = criterion.target();
      if (target.judged() != Judged.LOAD) {
        drills.computeIfAbsent(target.drill().orElseThrow(), d -> new ArrayList<>()).add(target);
      }
    }
    for (Map.Entry<String, List<Target>> drill : drills.entrySet()) {
      ObjectNode file = evidence(drill.getKey());
      ArrayNode measurements = (ArrayNode) file.get("measurements");
      for (Target target : drill.getValue()) {
        ObjectNode measurement =
            measurements.addObject().put("target", target.id()).put("unit", target.unit());
        double good =
            target.direction().downwards()
                ? target.value() * 0.5
                : target.direction() == Target.Direction.IS ? 1 : target.value() * 1.01;
        if (target.unit().equals("yes")) {
          measurement.putArray("values").add(true);
        } else {
          measurement.putArray("values").add(good).add(good);
        }
      }
      Files.writeString(evidence.resolve(drill.getKey() + ".json"), file.toPrettyString(), UTF_8);
    }
  }

  private ObjectNode evidence(String drill) throws IOException {
    Path log = Files.writeString(evidence.resolve(drill + ".log"), "what happened", UTF_8);
    ObjectNode file = new ObjectMapper().createObjectNode();
    file.put("schema", "kailash-evidence/1").put("drill", drill).put("by", "a drill");
    file.putObject("build").put("war_sha256", SyntheticRun.BUILD);
    file.put("started_at", "2026-03-01T11:00:00Z").put("ended_at", "2026-03-01T11:05:00Z");
    file.putArray("measurements");
    file.putArray("attachments")
        .addObject()
        .put("file", drill + ".log")
        .put("sha256", Evidence.sha256(log));
    return file;
  }

  private int judge(String gate, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--gate",
                gate,
                "--results",
                results.toString(),
                "--evidence",
                evidence.toString(),
                "--out",
                folder.resolve("out").toString()));
    arguments.addAll(List.of(more));
    return new Gate(new PrintStream(said, true, UTF_8), CLOCK)
        .run(arguments.toArray(String[]::new));
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out").resolve("report.json").toFile());
  }

  private String verdict(String criterion) throws IOException {
    for (JsonNode gate : report().path("gates")) {
      for (JsonNode one : gate.path("criteria")) {
        for (JsonNode finding : one.path("findings")) {
          if (finding.path("id").asText().equals(criterion)) {
            return finding.path("verdict").asText() + ": " + finding.path("reason").asText();
          }
        }
      }
    }
    throw new AssertionError("there is no " + criterion);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aGateOfWhichEverythingIsShownPasses(int gate) throws Exception {
    healthy(gate);
    assertThat(judge(String.valueOf(gate))).as(said.toString(UTF_8)).isZero();
    assertThat(report().path("verdict").asText()).isEqualTo("PASS");
    String html = Files.readString(folder.resolve("out").resolve("report.html"), UTF_8);
    assertThat(html)
        .contains("PASS")
        .doesNotContain("<script", "src=", "http-equiv", "@import", "<link");
    var junit =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("out").resolve("junit.xml").toFile());
    assertThat(junit.getElementsByTagName("testcase").getLength())
        .isEqualTo(TARGETS.criteria(gate).size());
    assertThat(junit.getElementsByTagName("failure").getLength()).isZero();
    assertThat(junit.getElementsByTagName("error").getLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aGateWithoutResultsDoesNotPass(int gate) throws IOException {
    assertThat(judge(String.valueOf(gate))).isEqualTo(2);
    assertThat(report().path("verdict").asText()).isEqualTo("NOT_RUN");
    assertThat(Files.readString(folder.resolve("out").resolve("junit.xml"), UTF_8))
        .contains("<error type=\"NOT_RUN\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3", "4"})
  void aServiceThatAnswersWrongFailsByItsErrors(String gate) throws IOException {
    broken(Integer.parseInt(gate), Sample::wrong);
    assertThat(judge(gate)).isEqualTo(1);
    assertThat(verdict(errorsOf(gate))).startsWith("FAIL").contains("favourable end");
    assertThat(verdict(timesOf(gate))).startsWith("FAIL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3", "4"})
  void aServiceThatIsDeadFailsAlthoughItRefusesAtOnce(String gate) throws IOException {
    broken(Integer.parseInt(gate), sample -> sample.wrong().taking(0));
    assertThat(judge(gate)).isEqualTo(1);
    assertThat(verdict(errorsOf(gate))).startsWith("FAIL");
    assertThat(verdict(timesOf(gate))).startsWith("FAIL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void aServiceThatIsSlowFailsByItsTimesAlthoughTheGeneratorHadToWait(String gate)
      throws IOException {
    for (String name : TARGETS.scenarios(Integer.parseInt(gate))) {
      SyntheticRun run =
          SyntheticRun.healthy(SCENARIOS.byId().get(name)).change(sample -> sample.taking(20_000));
      run.phase.put("planned_arrivals", 200_000).put("started_arrivals", 100_000);
      run.in(at(Integer.parseInt(gate), name));
    }
    assertThat(judge(gate)).isEqualTo(1);
    assertThat(verdict(timesOf(gate))).startsWith("FAIL").contains("from sending");
  }

  private static String errorsOf(String gate) {
    return switch (gate) {
      case "1" -> "errors.rate@health";
      case "2", "4" -> "errors.rate@mix.sustained";
      default -> "errors.rate@endurance.long_duration";
    };
  }

  private static String timesOf(String gate) {
    return switch (gate) {
      case "1" -> "response.classify.p95@baseline.single_user";
      case "2" -> "response.classify.p95@mix.sustained";
      case "3" -> "response.classify.p99@endurance.long_duration";
      default -> "availability.system@mix.sustained";
    };
  }

  @Test
  void aGeneratorThatFellBehindMakesTheRunVoid() throws IOException {
    healthy(1);
    SyntheticRun run = SyntheticRun.healthy(SCENARIOS.byId().get("health"));
    run.phase.put("planned_arrivals", 6100).put("started_arrivals", 6000);
    run.in(at(1, "health"));
    assertThat(judge("1")).isEqualTo(2);
    assertThat(verdict("response.health.p99@health")).startsWith("VOID").contains("6000 of 6100");

    run = SyntheticRun.healthy(SCENARIOS.byId().get("health"));
    run.phase.putObject("generator").put("cpu_share", 0.95).put("max_pause_ms", 12);
    run.in(at(1, "health"));
    judge("1");
    assertThat(verdict("response.health.p99@health"))
        .startsWith("VOID")
        .contains("95 % of its cores");

    run = SyntheticRun.healthy(SCENARIOS.byId().get("health"));
    run.phase.remove("generator");
    run.in(at(1, "health"));
    judge("1");
    assertThat(verdict("response.health.p99@health")).startsWith("VOID").contains("not recorded");
  }

  @Test
  void whatComesLateIsJudgedFromThePlannedStart() throws IOException {
    SyntheticRun.healthy(SCENARIOS.byId().get("health"))
        .change(s -> new Sample(s.label(), s.at(), s.elapsed(), true, 1, 1, 1, s.at() % 100 < 5))
        .in(at(1, "health"));
    assertThat(judge("1", "--only", "response.health.p99")).isEqualTo(1);
    assertThat(verdict("response.health.p99@health"))
        .startsWith("FAIL")
        .contains("from the planned start");
  }

  @Test
  void filesThatAreMissingEmptyOrCutOffNeverPass() throws IOException {
    healthy(1);
    Path samples = at(1, "health").resolve("samples.jtl");
    String whole = Files.readString(samples, UTF_8);

    Files.delete(samples);
    assertThat(judge("1")).isEqualTo(2);
    assertThat(verdict("response.health.p99@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("samples.jtl: is not there");

    Files.writeString(samples, "", UTF_8);
    judge("1");
    assertThat(verdict("response.health.p99@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("is empty");

    Files.writeString(samples, SyntheticRun.HEADER + "\n", UTF_8);
    judge("1");
    assertThat(verdict("response.health.p99@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("holds no sample");

    Files.writeString(samples, whole.substring(0, whole.length() - 30), UTF_8);
    judge("1");
    assertThat(verdict("response.health.p99@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("cut off");

    Files.writeString(samples, whole, UTF_8);
    Path phase = at(1, "health").resolve("phase.json");
    Files.writeString(phase, "{\"scenario\": \"health\"}", UTF_8);
    judge("1");
    assertThat(verdict("response.health.p99@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("phase.json");
  }

  @Test
  void aRunThatEndedEarlyDoesNotPass() throws IOException {
    SyntheticRun run = SyntheticRun.healthy(SCENARIOS.byId().get("health"));
    Path in = run.in(at(1, "health"));
    run.phase.put("duration_planned_s", 600);
    Files.writeString(in.resolve("phase.json"), run.phase.toString(), UTF_8);
    assertThat(judge("1", "--only", "health")).isEqualTo(2);
    assertThat(verdict("response.health.p99@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("ended after 12 s of 600 s");
  }

  @Test
  void fewSamplesAreNotAPassAndManyFailuresAmongFewAreAFailure() throws IOException {
    Scenario health = SCENARIOS.byId().get("health");
    new SyntheticRun(health).spread("health", 2994, 6000, 3).in(at(1, "health"));
    assertThat(judge("1", "--only", "errors.rate")).isEqualTo(2);
    assertThat(verdict("errors.rate@health"))
        .startsWith("INSUFFICIENT_DATA")
        .contains("2994 samples");
    new SyntheticRun(health).spread("health", 2995, 6000, 3).in(at(1, "health"));
    judge("1", "--only", "errors.rate@health,errors.rate");
    assertThat(verdict("errors.rate@health")).startsWith("PASS");
    new SyntheticRun(health)
        .spread("health", 20, 6000, 3)
        .change(Sample::wrong)
        .in(at(1, "health"));
    assertThat(judge("1", "--only", "errors.rate")).isEqualTo(1);
  }

  @Test
  void aRateIsJudgedOnlyOnAnOpenRun() throws IOException {
    SyntheticRun run = SyntheticRun.healthy(SCENARIOS.byId().get("mix.sustained"));
    run.phase.put("kind", "closed").put("planned_users", 100);
    run.in(at(2, "mix.sustained"));
    assertThat(judge("2", "--only", "throughput.mix")).isEqualTo(2);
    assertThat(verdict("throughput.mix@mix.sustained")).startsWith("VOID").contains("R1");
  }

  @Test
  void resultsOfAnotherScenarioOrBuildAreVoid() throws IOException {
    SyntheticRun.healthy(SCENARIOS.byId().get("classify.sustained"))
        .in(at(2, "recommend.sustained"));
    judge("2", "--only", "throughput.recommend");
    assertThat(verdict("throughput.recommend@recommend.sustained"))
        .startsWith("VOID")
        .contains("classify.sustained");
    SyntheticRun.healthy(SCENARIOS.byId().get("recommend.sustained"))
        .in(at(2, "recommend.sustained"));
    Path war = Files.writeString(folder.resolve("other.war"), "another build", UTF_8);
    judge("2", "--only", "throughput.recommend", "--war", war.toString());
    assertThat(verdict("throughput.recommend@recommend.sustained"))
        .startsWith("VOID")
        .contains("another build");
  }

  @Test
  void evidenceThatIsOldOfAnotherBuildOrTamperedWithIsVoid() throws IOException {
    writeEvidence(4);
    Path file = evidence.resolve("disaster.site.json");
    String whole = Files.readString(file, UTF_8);
    String[] only = {"--only", "disaster.site"};
    SyntheticRun.healthy(SCENARIOS.byId().get("mix.sustained")).in(at(4, "mix.sustained"));
    String[] and = {"--only", "disaster.site,mix.sustained"};
    assertThat(judge("4", and)).isZero();
    assertThat(judge("4", only)).isZero();

    Files.writeString(file, whole.replace(SyntheticRun.BUILD, "b".repeat(64)), UTF_8);
    assertThat(judge("4", and)).isEqualTo(2);
    assertThat(verdict("recovery.objective")).startsWith("VOID").contains("another build");

    Files.writeString(file, whole.replace("2026-03-01T", "2026-01-01T"), UTF_8);
    judge("4", only);
    assertThat(verdict("recovery.objective")).startsWith("VOID").contains("older than 30 days");

    Files.writeString(file, whole.replace("2026-03-01T", "2026-04-01T"), UTF_8);
    judge("4", only);
    assertThat(verdict("recovery.objective")).startsWith("VOID").contains("future");

    Files.writeString(file, whole, UTF_8);
    Files.writeString(evidence.resolve("disaster.site.log"), "nothing happened", UTF_8);
    judge("4", only);
    assertThat(verdict("recovery.objective")).startsWith("VOID").contains("another digest");

    Files.writeString(file, whole.replace("\"drill\"", "\"dril\""), UTF_8);
    assertThat(judge("4", only)).isEqualTo(2);
    assertThat(report().path("missing").toString()).contains("disaster.site.json", "line");
  }

  @Test
  void aPartOfAGateIsNoCertificateAndNothingOfItIsNoPass() throws IOException {
    assertThat(judge("1", "--only", "no.such.thing")).isEqualTo(2);
    assertThat(report().path("verdict").asText()).isEqualTo("NOT_RUN");
    SyntheticRun.healthy(SCENARIOS.byId().get("health")).in(at(1, "health"));
    assertThat(judge("1", "--only", "health")).isZero();
    assertThat(report().path("certifiable").asBoolean()).isFalse();
  }

  @Test
  void wrongAnswersAreNoMatterOfSpeedAlsoWhereErrorsHaveNoCriterion() throws IOException {
    Scenario batch = SCENARIOS.byId().get("batch.hundred");
    String[] workingBatch = {"--only", "batch.hundred", "--accept", "working"};
    new SyntheticRun(batch).spread("batch", 1000, 1800_000, 900_000).in(at(1, "batch.hundred"));
    assertThat(judge("1", workingBatch)).as("too slow, where errors have no criterion").isZero();
    new SyntheticRun(batch)
        .spread("batch", 1000, 1800_000, 3)
        .change(Sample::wrong)
        .in(at(1, "batch.hundred"));
    assertThat(judge("1", workingBatch)).as("wrong, where errors have no criterion").isEqualTo(1);
  }

  @Test
  void whatWasMeasuredAndDidNotFailIsEnoughOnlyWhereThatIsAskedFor() throws IOException {
    Scenario health = SCENARIOS.byId().get("health");
    String[] measured = {"--only", "health", "--accept", "measured"};
    new SyntheticRun(health).spread("health", 1000, 6000, 3).in(at(1, "health"));
    assertThat(judge("1", "--only", "health")).isEqualTo(2);
    assertThat(judge("1", measured)).isZero();
    assertThat(verdict("errors.rate@health")).startsWith("INSUFFICIENT_DATA");

    new SyntheticRun(health)
        .spread("health", 1000, 6000, 3)
        .change(Sample::wrong)
        .in(at(1, "health"));
    assertThat(judge("1", measured)).isEqualTo(1);
    String[] working = {"--only", "health", "--accept", "working"};
    assertThat(judge("1", working)).as("wrong answers").isEqualTo(1);

    new SyntheticRun(health).spread("health", 1000, 6000, 3000).in(at(1, "health"));
    assertThat(judge("1", measured)).as("too slow").isEqualTo(1);
    assertThat(judge("1", working)).as("too slow, but right").isZero();

    Files.delete(at(1, "health").resolve("samples.jtl"));
    assertThat(judge("1", measured)).as("results that cannot be read").isEqualTo(2);
    assertThat(judge("1", working)).as("results that cannot be read").isEqualTo(2);
    assertThat(judge("1", "--accept", "measured")).as("scenarios that never ran").isEqualTo(2);
    assertThat(judge("1", "--only", "none", "--accept", "measured")).as("nothing").isEqualTo(2);
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThat(judge("1", "--accept", "anything")).isEqualTo(2);
    assertThat(judge("5")).isEqualTo(2);
    assertThat(judge("1", "--max-age", "soon")).isEqualTo(2);
    assertThat(judge("1", "--speed", "2")).isEqualTo(2);
    assertThat(said.toString(UTF_8)).contains("gate '5'", "'soon'", "'--speed'", "'anything'");
  }
}
