package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real command line program, as {@code mvn -Prun} starts it, in a process group of its own. */
class RunIT {

  private static final long LIMIT_SECONDS = 300;
  private static final Pattern SERVER = Pattern.compile("(\\S.*) stopped in [0-9.]+ s");

  @TempDir Path temporary;
  private final List<Process> started = new ArrayList<>();
  private final Map<String, String> settings = new TreeMap<>();

  @BeforeEach
  void everyPortIsFree() {
    settings.put("kailash.project", StackSettings.ofProcess().project().toString());
    settings.put("kailash.data", temporary.resolve("data").toString());
    for (String port : List.of("http", "postgres", "redis", "neo4j", "chroma")) {
      settings.put("kailash." + port + ".port", "0");
    }
    settings.put("kailash.vectors", "lucene");
    settings.put("kailash.starter", "false");
  }

  @AfterEach
  void endWhatIsLeft() throws IOException {
    started.forEach(Process::destroyForcibly);
    for (long pid : recordedProcesses()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Path log(int run) {
    return temporary.resolve("run-" + run + ".log");
  }

  private Process run() throws IOException {
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(Programs.java());
    command.add("-Xmx128m");
    settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add(Run.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(started.size()).toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String output(int run) throws IOException {
    return Files.readString(log(run), UTF_8);
  }

  private void awaitText(int run, String text) throws Exception {
    boolean came =
        Eventually.within(
            Duration.ofSeconds(LIMIT_SECONDS),
            () -> {
              if (output(run).contains(text)) {
                return true;
              }
              assertThat(started.get(run).isAlive()).as(output(run)).isTrue();
              return false;
            });
    assertThat(came).as(output(run)).isTrue();
  }

  private static void signal(String signal, String target) throws Exception {
    int exitCode =
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + target).start().waitFor();
    assertThat(exitCode).isZero();
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private List<Long> recordedProcesses() throws IOException {
    Path records = temporary.resolve("data/run");
    List<Long> pids = new ArrayList<>();
    if (Files.isDirectory(records)) {
      try (Stream<Path> files = Files.list(records)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Matcher pid = Pattern.compile("(?m)^pid=(\\d+)$").matcher(Files.readString(file));
          if (pid.find()) {
            pids.add(Long.parseLong(pid.group(1)));
          }
        }
      }
    }
    return pids;
  }

  private static List<String> stopped(String output) {
    return SERVER
        .matcher(output)
        .results()
        .map(found -> found.group(1).replaceAll("^.*] ", ""))
        .toList();
  }

  @Test
  void printedCurlLineWorksAndInterruptOfTheProcessGroupStopsEverythingInOrder() throws Exception {
    Process process = run();
    awaitText(0, "stop     Ctrl-C");
    List<Long> servers = recordedProcesses();
    assertThat(servers).hasSize(4);
    // Without the sample catalog there is nothing to classify into yet; path and key are right.
    assertThat(problemOf(printedCurlLine())).matches("422 .*there is no taxonomy yet.*");

    signal("INT", "-" + process.pid());

    assertThat(exitCode(process)).isEqualTo(130);
    assertThat(stopped(output(0))).containsExactly("The service", "Neo4j", "Redis", "PostgreSQL");
    assertThat(servers).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(recordedProcesses()).isEmpty();
  }

  private String printedCurlLine() throws IOException {
    String printed = output(0);
    return printed.substring(printed.indexOf("curl -s"), printed.indexOf("  stop     Ctrl-C"));
  }

  /** Status and body, on one line. */
  private String problemOf(String curl) throws Exception {
    Programs.Outcome answer =
        Programs.run(
            temporary,
            temporary.resolve("curl.log"),
            Map.of(),
            List.of("sh", "-c", curl.replace("curl -s", "curl -s -w ' %{http_code}'")));
    assertThat(answer.succeeded()).as(answer.output()).isTrue();
    int status = answer.output().lastIndexOf(' ');
    return answer.output().substring(status + 1)
        + " "
        + answer.output().substring(0, status).replaceAll("\\s+", " ");
  }

  @Test
  void startAfterAKilledRunEndsWhatWasLeft() throws Exception {
    Process killed = run();
    awaitText(0, "stop     Ctrl-C");
    List<Long> left = recordedProcesses();
    killed.destroyForcibly().waitFor();
    assertThat(left).hasSize(4).allMatch(pid -> ProcessHandle.of(pid).isPresent());

    Process next = run();
    awaitText(1, "PostgreSQL 15");

    String output = output(1);
    assertThat(output).contains("is left over from an earlier run that crashed");
    assertThat(stopped(output)).containsExactly("The service", "Neo4j", "Redis", "PostgreSQL");
    assertThat(left).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    signal("TERM", Long.toString(next.pid()));
    assertThat(exitCode(next)).isEqualTo(143);
    assertThat(recordedProcesses()).isEmpty();
  }

  @Test
  void interruptWhileStartingLeavesNothing() throws Exception {
    Process process = run();
    awaitText(0, "Redis ");

    signal("INT", "-" + process.pid());

    assertThat(exitCode(process)).isEqualTo(130);
    assertThat(output(0)).doesNotContain("Ctrl-C");
    assertThat(recordedProcesses()).isEmpty();
  }

  @Test
  void portInUseIsOneLineAndAFailure() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      settings.put("kailash.http.port", Integer.toString(taken.getLocalPort()));
      Process process = run();

      assertThat(exitCode(process)).isEqualTo(1);
      assertThat(output(0).lines().filter(line -> line.contains("cannot go on")))
          .singleElement()
          .asString()
          .contains("Port " + taken.getLocalPort() + " for the service is in use")
          .contains("kailash.http.port");
      assertThat(recordedProcesses()).isEmpty();
    }
  }

  @Test
  void wrongSettingIsOneLineAndAFailure() throws Exception {
    settings.put("kailash.service.heap", "lots");
    Process process = run();

    assertThat(exitCode(process)).isEqualTo(1);
    assertThat(output(0).lines()).singleElement().asString().contains("kailash.service.heap=lots");
  }
}
