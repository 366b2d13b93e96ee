package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process beside a build: stores and service of one or more instances, each in a data folder of
 * its own, until its standard input ends or it is interrupted.
 *
 * <p>An instance is described in a file, readable by its owner only, once it is ready: address,
 * key, addresses of the stores, processes. When the end comes while the file of {@code
 * --interrupted-while} exists, the work it was started for was interrupted: then the file of {@code
 * --wait-while} is waited for to vanish (somebody still writes down what was measured), and the
 * class of {@code --then} is run before anything is stopped.
 */
final class BackgroundRun {

  static final String END_OF_SETTINGS = "# end of settings";
  private static final long STOP_LIMIT_SECONDS = 240;
  private static final long WRITING_LIMIT_SECONDS = 20;
  private static final long POLL_MILLIS = 100;
  private static final Map<String, String> NAMES =
      Map.of("PostgreSQL", "postgresql", "Redis", "redis", "Neo4j", "neo4j", "ChromaDB", "chroma");

  private final PrintStream out = new PrintStream(System.out, true, UTF_8);
  private final long began = System.nanoTime();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final ArrayDeque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, Path> instances = new LinkedHashMap<>();
  private Path waitWhile;
  private Path interruptedWhile;
  private List<String> then = List.of();

  private BackgroundRun() {}

  /** Runs until its standard input ends. */
  public static void main(String[] arguments) throws IOException {
    BackgroundRun run = new BackgroundRun();
    run.read(arguments);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    Properties settings = settings(input);
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  main.interrupt();
                  run.awaitFinished();
                },
                "stop-the-stack"));
    Thread watcher =
        new Thread(
            () -> {
              try {
                while (input.read() >= 0) {
                  continue;
                }
              } catch (IOException e) {
                run.say("the build is gone: " + e.getMessage());
              }
              main.interrupt();
            },
            "watch-the-build");
    watcher.setDaemon(true);
    watcher.start();
    int code = run.run(settings);
    run.finished.countDown();
    // A hook may be waiting for this very thread; both ways end the process.
    Runtime.getRuntime().halt(code);
  }

  private void read(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--instance" -> {
          String value = arguments[++i];
          int equals = value.indexOf('=');
          instances.put(value.substring(0, equals), Path.of(value.substring(equals + 1)));
        }
        case "--wait-while" -> waitWhile = Path.of(arguments[++i]);
        case "--interrupted-while" -> interruptedWhile = Path.of(arguments[++i]);
        case "--then" -> {
          then = List.of(arguments).subList(i + 1, arguments.length);
          i = arguments.length;
        }
        default -> throw new StackFailure(arguments[i] + " is not known.");
      }
    }
  }

  private static Properties settings(BufferedReader input) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = input.readLine();
        line != null && !line.equals(END_OF_SETTINGS);
        line = input.readLine()) {
      text.append(line).append('\n');
    }
    Properties properties = new Properties();
    properties.load(new StringReader(text.toString()));
    return properties;
  }

  private int run(Properties properties) {
    int code = 0;
    try {
      for (Map.Entry<String, Path> instance : instances.entrySet()) {
        start(instance.getKey(), instance.getValue(), properties);
      }
      new CountDownLatch(1).await();
    } catch (StackFailure | IOException e) {
      say("cannot go on: " + e.getMessage());
      code = 1;
    } catch (InterruptedException e) {
      say("stopping");
      afterAnInterrupt();
    } finally {
      close();
    }
    return code;
  }

  /** An instance's own settings are called {@code kailash.instance.NAME.…}. */
  private void start(String name, Path description, Properties properties)
      throws IOException, InterruptedException {
    if (!properties.getProperty("gate.target", "").isEmpty()) {
      ObjectNode told = JsonMapper.builder().build().createObjectNode();
      told.put("url", properties.getProperty("gate.target").replaceAll("/+$", ""));
      write(description, told);
      return;
    }
    Map<String, String> own = new HashMap<>();
    // Beside whatever else runs on this machine: free ports, a data folder of its own.
    for (Setting port :
        List.of(
            Setting.HTTP_PORT,
            Setting.POSTGRES_PORT,
            Setting.REDIS_PORT,
            Setting.NEO4J_PORT,
            Setting.CHROMA_PORT)) {
      own.put(port.property(), "0");
    }
    own.put(Setting.DATA.property(), "target/certification-data/" + name);
    String prefix = "kailash.instance." + name + ".";
    properties
        .stringPropertyNames()
        .forEach(
            property -> {
              if (property.startsWith("kailash.") && !property.startsWith("kailash.instance.")) {
                own.put(property, properties.getProperty(property));
              }
            });
    properties
        .stringPropertyNames()
        .forEach(
            property -> {
              if (property.startsWith(prefix)) {
                own.put(
                    "kailash." + property.substring(prefix.length()),
                    properties.getProperty(property));
              }
            });
    StackSettings settings = StackSettings.of(own, System.getenv());
    say("instance " + name + ", data in " + settings.data());
    EmbeddedStack stack = EmbeddedStack.start(settings, this::say);
    open.push(stack);
    ServiceProcess service = ServiceProcess.start(stack);
    open.push(service);
    if (settings.starter()) {
      new FirstAnswer(service.baseUri(), stack.administratorKey())
          .await(settings.startLimit(), this::say);
    }
    write(description, describe(stack, service));
  }

  private static ObjectNode describe(EmbeddedStack stack, ServiceProcess service) {
    ObjectNode told = JsonMapper.builder().build().createObjectNode();
    StackAddresses addresses = stack.addresses();
    told.put("url", service.baseUri().toString());
    told.put("key", stack.administratorKey());
    told.put("war", stack.war().toString());
    told.put("data", stack.settings().data().toString());
    told.putObject("postgresql")
        .put("url", addresses.postgres().jdbcUrl())
        .put("user", addresses.postgres().user())
        .put("password", addresses.postgres().password());
    told.putObject("redis").put("url", addresses.redis().uri().toString());
    told.putObject("neo4j")
        .put("url", addresses.neo4j().uri().toString())
        .put("user", addresses.neo4j().user())
        .put("password", addresses.neo4j().password());
    addresses.chroma().ifPresent(uri -> told.putObject("chroma").put("url", uri.toString()));
    ObjectNode processes = told.putObject("processes");
    for (ServerProcess process : stack.launch().started()) {
      String name = NAMES.get(process.name());
      if (name != null) {
        processes.put(name, process.pid());
      }
    }
    processes.put("service", service.pid());
    return told;
  }

  private static void write(Path description, ObjectNode told) throws IOException {
    Files.createDirectories(description.toAbsolutePath().getParent());
    Path fresh = description.resolveSibling(description.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(fresh, told.toPrettyString(), UTF_8);
    Files.move(
        fresh, description, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void afterAnInterrupt() {
    if (interruptedWhile == null || !Files.exists(interruptedWhile)) {
      return;
    }
    try {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(WRITING_LIMIT_SECONDS);
      while (waitWhile != null && Files.exists(waitWhile) && System.nanoTime() < until) {
        Thread.sleep(POLL_MILLIS);
      }
      if (!then.isEmpty()) {
        List<String> command = new ArrayList<>();
        command.add(Programs.java());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(then);
        int code =
            new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        say("interrupted; " + then.get(0) + " ended with " + code);
      }
    } catch (IOException e) {
      say("interrupted, and what was measured could not be looked at: " + e.getMessage());
    } catch (InterruptedException e) {
      say("interrupted twice: stopping at once");
    }
  }

  private void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        say(e.getMessage());
      }
    }
    for (Path description : instances.values()) {
      try {
        Files.deleteIfExists(description);
      } catch (IOException e) {
        say(description + " holds a key and could not be deleted: " + e.getMessage());
      }
    }
  }

  private void say(String line) {
    out.println(String.format(Locale.ROOT, "[%6.1f s] %s", ServerProcess.seconds(began), line));
  }

  private void awaitFinished() {
    try {
      if (!finished.await(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        say("not everything could be stopped in time; the next start will end what is left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
