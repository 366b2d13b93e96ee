package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Logging;
import org.neo4j.driver.Session;

/**
 * A real Neo4j in a JVM of its own, from the jars that the build listed in {@code
 * target/stack/neo4j.classpath}: a server beside us, never linked.
 */
final class Neo4jServer {

  private static final String USER = "neo4j";

  private Neo4jServer() {}

  static Neo4jAddress start(Launch launch, int port) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Path home = launch.folder().folder("neo4j");
    Path conf = launch.folder().folder("conf/neo4j");
    launch.configure(
        "neo4j",
        "neo4j.conf",
        "neo4j/neo4j.conf",
        Map.of(
            "port",
            Integer.toString(port),
            "folder",
            home.toString(),
            "page-cache-bytes",
            Long.toString(launch.settings().bytes(Setting.NEO4J_PAGE_CACHE))));
    String classpath = classpath(launch.settings().project());
    String password = launch.folder().secret("neo4j");
    setFirstPassword(launch, home, conf, classpath, password);

    String heap = Long.toString(launch.settings().bytes(Setting.NEO4J_HEAP));
    List<String> command = new ArrayList<>();
    command.add(Programs.java());
    command.add("-Xmx" + heap);
    command.addAll(ServiceProcess.optionsIn(launch.config("neo4j").resolve("jvm.options")));
    command.addAll(
        List.of(
            "org.neo4j.server.CommunityEntryPoint", "--home-dir=" + home, "--config-dir=" + conf));
    ServerProcess process =
        launch.start(
            new ServerProcess.Order(
                3,
                "Neo4j",
                "neo4j",
                command,
                Map.of("CLASSPATH", classpath),
                StopSignal.TERM,
                Launch.patience(60)));
    URI uri = URI.create("bolt://127.0.0.1:" + port);
    String[] version = new String[1];
    launch.await(
        process,
        () -> {
          try (Driver driver =
                  GraphDatabase.driver(
                      uri,
                      AuthTokens.basic(USER, password),
                      Config.builder().withLogging(Logging.none()).build());
              Session session = driver.session()) {
            version[0] =
                session
                    .run("CALL dbms.components() YIELD versions RETURN versions[0]")
                    .single()
                    .get(0)
                    .asString();
            return true;
          }
        });
    launch.ready("Neo4j " + version[0], port, began);
    return new Neo4jAddress(uri, USER, password);
  }

  /**
   * Before its first start Neo4j takes a password from a file; on a command line all could read it.
   */
  private static void setFirstPassword(
      Launch launch, Path home, Path conf, String classpath, String password)
      throws IOException, InterruptedException {
    if (Files.exists(home.resolve("data/dbms/auth.ini"))
        || Files.exists(home.resolve("data/databases/system"))) {
      return;
    }
    Path arguments = launch.folder().resolve("tmp").resolve("neo4j-arguments");
    launch
        .folder()
        .writePrivately(
            arguments,
            // A password may begin with a dash: behind "--" it is no option.
            String.join(
                "\n", "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", "--", password));
    try {
      Programs.Outcome outcome =
          launch.run(
              "neo4j-password",
              Map.of(
                  "CLASSPATH",
                  classpath,
                  "NEO4J_HOME",
                  home.toString(),
                  "NEO4J_CONF",
                  conf.toString()),
              List.of(Programs.java(), "-Xmx128m", "-XX:TieredStopAtLevel=1", "@" + arguments));
      if (!outcome.succeeded()) {
        throw new StackFailure(
            "Neo4j could not be set up: "
                + outcome.output().lines().findFirst().orElse("no output")
                + " (see "
                + launch.folder().log("neo4j-password")
                + ")");
      }
    } finally {
      Files.deleteIfExists(arguments);
    }
  }

  private static String classpath(Path project) throws IOException {
    Path list = project.resolve("target/stack/neo4j.classpath");
    if (!Files.exists(list)) {
      throw new StackFailure(list + " is missing: build the project first (mvn package).");
    }
    return String.join(
        File.pathSeparator,
        Files.readAllLines(list, UTF_8).stream().filter(jar -> !jar.isBlank()).toList());
  }
}
