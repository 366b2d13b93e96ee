package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lays out a run: reads the scenarios, fills the deployment, writes an order and a plan for each
 * scenario, and what JMeter needs to know. JMeter comes after it, the judgement after that.
 *
 * <p>System properties: {@code gate} (number or all), {@code gate.time-scale} (1), {@code
 * gate.only}, {@code gate.items}, {@code gate.seed}, {@code gate.taxonomy} (starter), {@code
 * gate.warm-up}; folders are those of the project named by {@code kailash.project}.
 */
public final class Prepare {

  /** While this file exists, a run was begun and not judged yet. */
  static final String OPEN = "open";

  private static final Pattern NEEDED_BY_JMETER =
      Pattern.compile(
          "classes|(httpclient5|httpcore5|httpcore5-h2|jedis|postgresql|neo4j-.*|netty-.*|reactor-core|"
              + "reactive-streams|HdrHistogram|commons-csv|commons-io|commons-codec|bolt-.*|"
              + "jackson-annotations|gson|json|redis-authx-core|slf4j-api)(-[0-9].*)?[.]jar");

  private final Path project;
  private final Path root;
  private final BinaryOperator<String> settings;
  private final Clock clock;
  private final PrintStream out;

  /**
   * @param settings value of a property by its name; the other where it is not set
   */
  Prepare(Path project, BinaryOperator<String> settings, Clock clock, PrintStream out) {
    this.project = project;
    this.settings = settings;
    this.root = project.resolve("target/certification");
    this.clock = clock;
    this.out = out;
  }

  /** Lays out the run that the system properties ask for. */
  public static void main(String[] arguments) throws Exception {
    Path project =
        Path.of(System.getProperty("kailash.project", System.getProperty("user.dir")))
            .toAbsolutePath();
    Prepare prepare =
        new Prepare(
            project,
            System::getProperty,
            Clock.systemUTC(),
            new PrintStream(System.out, true, UTF_8));
    if (System.getProperty("gate", "").equals(Comparison.FOLDER)) {
      prepare.layOutComparison();
    } else {
      prepare.layOut();
    }
  }

  /** Two builds by turns, each pair in the other order than the one before. */
  void layOutComparison() throws Exception {
    int pairs = number("regression.pairs", 1, 1_000, 12);
    int seconds = number("regression.seconds", 1, 3_600, 10);
    int items = number("gate.items", 100, 900_000, 2_000);
    long seed = number("gate.seed", 0, Integer.MAX_VALUE, 20_250_803);
    Path samples = project.resolve("src/main/resources/starter/items.csv");
    Map<String, Double> operations = new LinkedHashMap<>();
    operations.put("classify", 80.0);
    operations.put("items.read", 20.0);
    delete(root.resolve(Comparison.FOLDER));
    delete(root.resolve("plans"));
    // The plugin runs whatever lies there.
    delete(project.resolve("target/jmeter/testFiles"));
    Files.writeString(root.resolve(OPEN), Comparison.FOLDER, UTF_8);
    Map<String, LoadOrder.Build> builds = new LinkedHashMap<>();
    for (String build : List.of("baseline", "candidate")) {
      Path target = root.resolve(build + ".json");
      builds.put(build, build(LoadOrder.json().readTree(Files.readString(target, UTF_8))));
      try (HttpTarget deployment = HttpTarget.of(target, Seeder.CONNECTIONS)) {
        new Seeder(deployment, GeneratedCatalog.of(samples, seed), items, clock, this::say).seed();
      }
    }
    List<String> plans = new ArrayList<>();
    int users = number("regression.users", 1, 100, 4);
    for (int i = 0; i < 2 * pairs; i++) {
      boolean baseline = (i % 2 == 0) == (i / 2 % 2 == 0);
      String build = baseline ? "baseline" : "candidate";
      String name = String.format(Locale.ROOT, "%04d-%s", i / 2, build);
      Path folder = root.resolve(Comparison.FOLDER).resolve(name);
      new LoadOrder(
              name,
              Comparison.FOLDER,
              i + 1,
              2 * pairs,
              false,
              users,
              users,
              List.of(),
              0,
              seconds,
              seconds,
              1,
              false,
              i < 2 ? number("gate.warm-up", 0, 10_000_000, 60_000) : 500,
              operations,
              (2.0 * pairs - i - 1) * seconds,
              items,
              // Both builds of a pair are asked the same kind of questions, every pair others.
              seed + i / 2,
              root.resolve(build + ".json"),
              settings.apply("gate.taxonomy", "starter"),
              new LoadOrder.Capacity(false, 0),
              builds.get(build),
              samples)
          .writeTo(folder);
      plans.add(
          Plans.filled(
              project.resolve("jmeter/plans/users.jmx"),
              Map.of(
                  "threads",
                  Integer.toString(users),
                  "warm-threads",
                  "4",
                  "ramp",
                  "0",
                  "folder",
                  folder.toString())));
    }
    Files.createDirectories(root.resolve("plans"));
    Files.writeString(root.resolve("plans/gate.jmx"), Plans.oneAfterAnother(plans), UTF_8);
    configureJmeter();
    say(
        String.format(
            Locale.ROOT,
            "%d pairs of %d s, %d users: baseline and candidate by turns",
            pairs,
            seconds,
            users));
  }

  void layOut() throws Exception {
    String gate = gate();
    double scale = scale();
    List<String> only =
        Stream.of(settings.apply("gate.only", "").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    List<Scenarios.Scenario> scenarios =
        Scenarios.in(project.resolve("jmeter/scenarios.yaml")).of(gate, only);
    // A scenario of several gates is run once; the judgement of the others finds it there.
    for (Scenarios.Scenario scenario : scenarios) {
      delete(root.resolve(folder(scenario, gate)));
    }
    delete(root.resolve("plans"));
    delete(project.resolve("target/jmeter/testFiles"));
    Files.deleteIfExists(root.resolve(CapacitySearch.FILE));
    Files.createDirectories(root);
    Files.writeString(root.resolve(OPEN), "gate " + gate, UTF_8);
    Path target = root.resolve("target.json");
    int items = number("gate.items", 100, 900_000, scale < 0.1 ? 3_000 : 20_000);
    long seed = number("gate.seed", 0, Integer.MAX_VALUE, 20_250_803);
    Path samples = project.resolve("src/main/resources/starter/items.csv");
    JsonNode told = LoadOrder.json().readTree(Files.readString(target, UTF_8));
    try (HttpTarget deployment = HttpTarget.of(target, Seeder.CONNECTIONS)) {
      new Seeder(deployment, GeneratedCatalog.of(samples, seed), items, clock, this::say).seed();
    }
    LoadOrder.Build build = build(told);
    List<Laid> laid = new ArrayList<>();
    Set<String> warmed = new HashSet<>();
    for (Scenarios.Scenario scenario : scenarios) {
      Map<String, Double> operations = there(scenario, told);
      if (operations.isEmpty()) {
        continue;
      }
      Plans.Plan plan;
      try {
        plan = Plans.of(scenario);
      } catch (IOException e) {
        say("left out, so the gate cannot pass: " + e.getMessage());
        continue;
      }
      boolean direct = operations.keySet().stream().allMatch(StoreOperations::isOneOfThem);
      int warmUp =
          number("gate.warm-up", 0, 10_000_000, warmUp(scenario, operations.keySet(), warmed));
      laid.add(
          new Laid(
              scenario, plan, operations, warmUp, scenario.duration().toMillis() / 1000.0 * scale));
    }
    List<String> plans = new ArrayList<>();
    double rest = laid.stream().mapToDouble(Laid::seconds).sum();
    for (int i = 0; i < laid.size(); i++) {
      Laid one = laid.get(i);
      rest -= one.seconds();
      String folderOfGate = folder(one.scenario(), gate);
      Path folder = root.resolve(folderOfGate).resolve(one.scenario().id());
      order(one, i + 1, laid.size(), scale, rest, items, seed, target, samples, build, folderOfGate)
          .writeTo(folder);
      plans.add(filled(one, folder));
    }
    Files.createDirectories(root.resolve("plans"));
    Files.writeString(root.resolve("plans/gate.jmx"), Plans.oneAfterAnother(plans), UTF_8);
    configureJmeter();
    say(
        String.format(
            Locale.ROOT,
            "gate %s, time scale %s: %d scenarios, %.0f s of measuring: %s",
            gate,
            scale,
            laid.size(),
            laid.stream().mapToDouble(Laid::seconds).sum(),
            laid.stream().map(one -> one.scenario().id()).toList()));
  }

  /**
   * How many requests come before those that count: most where the service has just started, least
   * where it was asked the same before.
   *
   * @param warmed what was asked before; grows
   */
  private static int warmUp(
      Scenarios.Scenario scenario, Set<String> operations, Set<String> warmed) {
    if (operations.stream().allMatch(StoreOperations::isOneOfThem)) {
      return 100 * operations.size();
    }
    if (operations.stream().anyMatch(TransferOperation::isOneOfThem)) {
      return operations.contains("stream") ? 1_000 : 10;
    }
    boolean first = warmed.isEmpty();
    boolean known = !warmed.addAll(operations);
    if (first) {
      return 30_000;
    }
    // Arrivals have a connection for each that may be open at once, and each is to be made before.
    double ofArrivals = scenario.rate() * (known ? 5 : 20);
    int least = known ? Math.max(1_000, Math.min(5_000, 300 * scenario.users())) : 3_000;
    return (int) Math.max(least, ofArrivals);
  }

  private String gate() throws IOException {
    String gate = settings.apply("gate", "1");
    if (!gate.matches("[1-4]|all")) {
      throw new IOException("-Dgate=" + gate + " is wrong: it must be from 1 to 4, or all");
    }
    return gate;
  }

  private static String folder(Scenarios.Scenario scenario, String gate) {
    String own =
        gate.equals("all")
            ? scenario.gates().stream().findFirst().map(Object::toString).orElse("3")
            : gate;
    return "gate-" + own;
  }

  private record Laid(
      Scenarios.Scenario scenario,
      Plans.Plan plan,
      Map<String, Double> operations,
      int warmUp,
      double seconds) {

    boolean direct() {
      return operations.keySet().stream().allMatch(StoreOperations::isOneOfThem);
    }

    /** How many requests may be unanswered at once, or how many users there are. */
    int threads() {
      if (!scenario.open()) {
        return Math.max(1, scenario.users());
      }
      double most = direct() ? 16 : 2_000;
      double fastest =
          scenario.id().equals(Scenarios.CAPACITY) ? scenario.rate() * 7 : scenario.rate();
      return (int) Math.max(8, Math.min(most, Math.ceil(fastest)));
    }
  }

  private LoadOrder order(
      Laid one,
      int number,
      int phases,
      double scale,
      double rest,
      int items,
      long seed,
      Path target,
      Path samples,
      LoadOrder.Build build,
      String gate) {
    Scenarios.Scenario scenario = one.scenario();
    boolean search = scenario.id().equals(Scenarios.CAPACITY);
    List<LoadOrder.Arrivals> arrivals =
        !scenario.open()
            ? List.of()
            : search
                ? CapacitySearch.steps(scenario.rate(), one.seconds())
                : List.of(new LoadOrder.Arrivals(one.seconds(), scenario.rate(), scenario.rate()));
    return new LoadOrder(
        scenario.id(),
        gate,
        number,
        phases,
        scenario.open(),
        scenario.users(),
        one.threads(),
        arrivals,
        ramp(one),
        one.seconds(),
        scenario.duration().toMillis() / 1000.0,
        scale,
        one.plan().name().equals("stores"),
        one.warmUp(),
        one.operations(),
        rest,
        items,
        seed,
        target,
        settings.apply("gate.taxonomy", "starter"),
        new LoadOrder.Capacity(search, Scenarios.times(scenario.id())),
        build,
        samples);
  }

  /** Users come over the whole time of a ramp, else within a second. */
  private static double ramp(Laid one) {
    return one.plan().name().equals("ramp") ? one.seconds() : 0;
  }

  private String filled(Laid one, Path folder) throws IOException {
    return Plans.filled(
        project.resolve("jmeter/plans").resolve(one.plan().file()),
        Map.of(
            "threads", Integer.toString(one.threads()),
            "warm-threads", one.direct() ? "4" : "16",
            "ramp", Long.toString(Math.round(ramp(one))),
            "folder", folder.toString()));
  }

  /** The operations whose store is there. */
  private Map<String, Double> there(Scenarios.Scenario scenario, JsonNode told) {
    Map<String, Double> there = new LinkedHashMap<>(scenario.operations());
    there
        .keySet()
        .removeIf(
            name ->
                StoreOperations.isOneOfThem(name)
                    && !told.has(name.substring(0, name.indexOf('.'))));
    if (there.size() < scenario.operations().size()) {
      say(
          scenario.id()
              + ": the address of a store is not known, so these are not measured: "
              + scenario.operations().keySet().stream()
                  .filter(name -> !there.containsKey(name))
                  .toList());
    }
    return there;
  }

  private LoadOrder.Build build(JsonNode told)
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    if (!told.hasNonNull("war")) {
      // The judgement asks of which build the results are: then only the operator knows.
      return new LoadOrder.Build(null, settings.apply("gate.build", "not told"), null);
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream input =
        new DigestInputStream(Files.newInputStream(Path.of(told.get("war").asText())), digest)) {
      input.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return new LoadOrder.Build(
        settings.apply("gate.version", null), HexFormat.of().formatHex(digest.digest()), commit());
  }

  /** The commit of the project; null outside a repository. */
  private String commit() throws IOException, InterruptedException {
    try {
      Process git =
          new ProcessBuilder("git", "rev-parse", "HEAD")
              .directory(project.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? commit : null;
    } catch (IOException e) {
      say("the commit is not known: " + e.getMessage());
      return null;
    }
  }

  /** Read by the plugin when it sets JMeter up. */
  private void configureJmeter() throws IOException {
    Path folder = root.resolve("jmeter");
    Files.createDirectories(folder);
    Properties properties = new Properties();
    properties.setProperty("user.classpath", classPath());
    properties.setProperty("sample_variables", "planned,elapsed_us");
    // A sample is dated by its start.
    properties.setProperty("sampleresult.timestamp.start", "true");
    properties.setProperty("jmeter.save.saveservice.output_format", "csv");
    properties.setProperty("jmeter.save.saveservice.timestamp_format", "ms");
    for (String column :
        List.of(
            "thread_name",
            "data_type",
            "assertion_results_failure_message",
            "url",
            "idle_time",
            "response_message")) {
      properties.setProperty("jmeter.save.saveservice." + column, "false");
    }
    properties.setProperty("jmeter.save.saveservice.autoflush", "false");
    properties.setProperty("summariser.name", "");
    properties.setProperty("jmeter.exit.check.pause", "0");
    try (var writer = Files.newBufferedWriter(folder.resolve("jmeter.properties"), UTF_8)) {
      properties.store(writer, null);
    }
  }

  private static String classPath() throws IOException {
    return String.join(
        File.pathSeparator,
        Judge.files().stream()
            .filter(file -> NEEDED_BY_JMETER.matcher(file.getFileName().toString()).matches())
            .map(Path::toString)
            .toList());
  }

  private int number(String property, int least, int most, int otherwise) throws IOException {
    String value = settings.apply(property, "");
    if (value.isBlank()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IOException(
        "-D" + property + "=" + value + " is wrong: it must be from " + least + " to " + most);
  }

  private double scale() throws IOException {
    String value = settings.apply("gate.time-scale", "1");
    try {
      double scale = Double.parseDouble(value);
      if (scale > 0 && scale <= 1) {
        return scale;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IOException(
        "-Dgate.time-scale=" + value + " is wrong: it must be above 0 and at most 1");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void say(String line) {
    out.println(line);
  }
}
