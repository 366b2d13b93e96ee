package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.certification.judgement.Assessment;
import io.kailash.certification.judgement.Assessor;
import io.kailash.certification.judgement.Finding;
import io.kailash.certification.judgement.Verdict;
import io.kailash.certification.load.TinyService.Manner;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.targets.Targets;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with a service shows, and for the right reason: it answers wrongly, slowly, with
 * nothing, or not at all. The threads are the test's own, all else is what runs under JMeter; a
 * service that is right passes the same criteria.
 */
class BrokenServiceTest {

  private static final Path JMETER = Path.of("jmeter");
  private static final Map<String, Double> MIX = Map.of("classify", 60.0, "recommend", 25.0);

  @TempDir Path root;

  @Test
  void aServiceThatIsRightPassesWhatTheOthersFail() throws Exception {
    Map<String, Verdict> verdicts = judged(Manner.RIGHT);

    // Void where this machine is too busy to tell.
    assertThat(verdicts.get("response.classify.p95").word())
        .isIn(Verdict.Word.PASS, Verdict.Word.VOID);
    assertThat(verdicts.get("response.recommend.p95").word())
        .isIn(Verdict.Word.PASS, Verdict.Word.VOID);
    // Too few to tell less than one of a thousand.
    assertThat(verdicts.get("errors.rate").word())
        .isIn(Verdict.Word.INSUFFICIENT_DATA, Verdict.Word.VOID);
    assertThat(reasons()).isEqualTo("{}");
  }

  @Test
  void wrongContentFailsByItsErrorsAlthoughEveryStatusIsGood() throws Exception {
    Map<String, Verdict> verdicts = judged(Manner.WRONG);

    assertThat(verdicts.get("errors.rate").word()).isIn(Verdict.Word.FAIL, Verdict.Word.VOID);
    assertThat(reasons())
        .contains("classify: category is none of the taxonomy's")
        .contains("recommend: what is recommended is hidden or does not exist");
  }

  @Test
  void anEmptyAnswerFailsByItsErrors() throws Exception {
    Map<String, Verdict> verdicts = judged(Manner.EMPTY);

    assertThat(verdicts.get("errors.rate").word()).isIn(Verdict.Word.FAIL, Verdict.Word.VOID);
    assertThat(reasons()).contains("classify: empty answer").contains("recommend: empty answer");
  }

  @Test
  void aSlowServiceFailsByItsTimesAndIsNotCalledWrong() throws Exception {
    Map<String, Verdict> verdicts = judged(Manner.SLOW);

    assertThat(verdicts.get("response.classify.p95").word())
        .isIn(Verdict.Word.FAIL, Verdict.Word.VOID);
    assertThat(verdicts.get("response.classify.average").word())
        .isIn(Verdict.Word.FAIL, Verdict.Word.VOID);
    assertThat(verdicts.get("errors.rate").word()).isNotEqualTo(Verdict.Word.FAIL);
    assertThat(reasons()).isEqualTo("{}");
  }

  @Test
  void aDeadServiceFailsByItsErrorsAndTheLoadEndsByItself() throws Exception {
    Map<String, Verdict> verdicts = judged(Manner.DEAD);

    assertThat(verdicts.get("errors.rate").word()).isIn(Verdict.Word.FAIL, Verdict.Word.VOID);
    assertThat(verdicts.values()).noneMatch(verdict -> verdict.word() == Verdict.Word.PASS);
  }

  @Test
  void aServiceThatIsGoneBeforeTheLoadLeavesNoResultSoNothingPasses() throws Exception {
    LoadOrder order;
    try (TinyService service = new TinyService(Manner.RIGHT)) {
      order = order(service);
    }
    order.writeTo(folder());

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> new Phase(folder(), Clock.systemUTC(), quiet())))
        .isInstanceOf(IOException.class);
    assertThat(verdicts().values())
        .isNotEmpty()
        .noneMatch(verdict -> verdict.word() == Verdict.Word.PASS);
  }

  private Path folder() {
    return root.resolve("gate-2").resolve("mix.sustained");
  }

  private String reasons() throws IOException {
    return LoadOrder.json()
        .readTree(Files.readString(folder().resolve(Phase.FILE), UTF_8))
        .path("reasons")
        .toString();
  }

  private Map<String, Verdict> judged(Manner manner) throws Exception {
    try (TinyService service = new TinyService(manner)) {
      order(service).writeTo(folder());
      run();
    }
    return verdicts();
  }

  private LoadOrder order(TinyService service) throws IOException {
    Path target = root.resolve("target.json");
    Files.writeString(
        target,
        "{\"url\":\"" + service.address() + "\",\"key\":\"kk_any\",\"processes\":{}}",
        UTF_8);
    return new LoadOrder(
        "mix.sustained",
        "gate-2",
        1,
        1,
        true,
        0,
        400,
        List.of(new LoadOrder.Arrivals(3, 200, 200)),
        0,
        3,
        3600,
        3.0 / 3600,
        false,
        10,
        MIX,
        0,
        2_000,
        7,
        target,
        "starter",
        new LoadOrder.Capacity(false, 0),
        new LoadOrder.Build("1", "ab".repeat(32), "c"),
        Path.of("src/main/resources/starter/items.csv"));
  }

  private static PrintStream quiet() {
    return new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
  }

  /** What a plan does: begin, warm up, measure with threads that stand ready, end. */
  private void run() throws Exception {
    Phase phase = new Phase(folder(), Clock.systemUTC(), quiet());
    List<Worker.Measured> samples = new ArrayList<>();
    try (Worker worker = new Worker(phase, 1)) {
      worker.warm();
    }
    ExecutorService threads = Executors.newFixedThreadPool(400);
    try {
      List<Future<List<Worker.Measured>>> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int seed = i;
        all.add(threads.submit(() -> measured(phase, seed)));
      }
      for (Future<List<Worker.Measured>> one : all) {
        samples.addAll(one.get());
      }
    } finally {
      threads.shutdownNow();
    }
    phase.end();
    try (BufferedWriter writer = Files.newBufferedWriter(folder().resolve("samples.jtl"), UTF_8)) {
      writer.write(
          "timeStamp,elapsed,label,responseCode,success,bytes,sentBytes,grpThreads,allThreads,Latency,Connect,\"planned\",\"elapsed_us\"\n");
      for (Worker.Measured one : samples) {
        writer.write(
            String.join(
                ",",
                Long.toString(one.epochMillis()),
                Long.toString(one.millis()),
                one.operation(),
                one.code(),
                Boolean.toString(one.problem() == null),
                Long.toString(one.bytes()),
                Long.toString(one.sentBytes()),
                "1",
                "1",
                "0",
                "0",
                Long.toString(one.plannedMillis()),
                Long.toString(one.nanos() / 1000)));
        writer.write('\n');
      }
    }
  }

  private static List<Worker.Measured> measured(Phase phase, int seed) throws Exception {
    List<Worker.Measured> samples = new ArrayList<>();
    try (Worker worker = new Worker(phase, seed)) {
      for (Optional<Worker.Measured> one = worker.measure();
          one.isPresent();
          one = worker.measure()) {
        samples.add(one.get());
      }
    }
    return samples;
  }

  private Map<String, Verdict> verdicts() {
    io.kailash.certification.targets.Scenarios scenarios =
        io.kailash.certification.targets.Scenarios.read(JMETER);
    Targets targets = Targets.read(JMETER, scenarios);
    Assessment assessment =
        new Assessor(
                targets,
                scenarios,
                new Assessor.Order(
                    root,
                    List.of(2),
                    List.of("mix.sustained"),
                    Evidence.Folder.none(),
                    Optional.empty(),
                    Clock.systemUTC().instant(),
                    Duration.ofDays(30)),
                new Assessment.Where(2, 8L << 30, "any", "any", "17", List.of()))
            .assess();
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (Finding finding : assessment.gates().get(0).findings()) {
      if (finding.criterion().use().scenario().filter("mix.sustained"::equals).isPresent()) {
        verdicts.put(finding.criterion().target().id(), finding.verdict());
      }
    }
    return verdicts;
  }
}
