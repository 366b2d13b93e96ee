package io.kailash.projection;

import io.kailash.platform.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.neo4j.driver.Record;

/**
 * Brings the graph's schema up to date from the files {@code
 * db-migrations/neo4j/V0001__name.cypher} in their order. Each that was run is a node {@code
 * (:Migration {version, name, checksum, applied_at_millis})} of the graph itself, so a graph that
 * was lost gets them all again.
 *
 * <p>Neo4j changes its schema only outside of other transactions, so a file is not all or nothing:
 * after a crash it runs again from its start, and every statement has to bear that ({@code IF NOT
 * EXISTS}, {@code MERGE}).
 */
final class GraphMigrations {
  private static final Logger LOG = Logger.getLogger(GraphMigrations.class.getName());
  private static final String FOLDER = "db-migrations/neo4j";
  private static final Pattern NAME = Pattern.compile("V(\\d{4})__([a-z0-9_-]+)\\.cypher");

  private final Graph graph;
  private final Clock clock;
  private final List<Migration> known;

  /**
   * One file.
   *
   * @param checksum SHA-256 of its text in hexadecimal, line ends as LF
   */
  record Migration(String version, String name, String checksum, List<String> statements) {
    static Migration of(String file, String text) {
      Matcher parts = NAME.matcher(file);
      if (!parts.matches()) {
        throw new IllegalArgumentException(file + " is not called like V0001__what_it_does.cypher");
      }
      String unified = text.replace("\r\n", "\n");
      String withoutComments = unified.replaceAll("(?m)^\\s*//.*$", "");
      List<String> statements =
          Arrays.stream(withoutComments.split(";\\s*(\\n|$)", -1))
              .map(String::strip)
              .filter(statement -> !statement.isEmpty())
              .toList();
      return new Migration(
          parts.group(1), parts.group(2), HexFormat.of().formatHex(Sha256.of(unified)), statements);
    }
  }

  GraphMigrations(Graph graph, Clock clock, List<Migration> known) {
    this.graph = graph;
    this.clock = clock;
    this.known = known;
  }

  /**
   * Runs what has not been run.
   *
   * @return whether the graph knew of none, and so is empty or another one
   * @throws TargetDownException where the graph is not reached, or was made by a file that has been
   *     changed since or is not there: such a graph must not be written
   */
  boolean run() {
    Map<String, String> done = new HashMap<>();
    for (Record row :
        graph.read(
            "schema",
            Graph.query("MATCH (m:Migration) RETURN m.version AS version, m.checksum AS sum"))) {
      done.put(row.get("version").asString(), row.get("sum").asString());
    }
    boolean none = done.isEmpty();
    for (Migration migration : known) {
      String before = done.remove(migration.version());
      if (before == null) {
        migration.statements().forEach(graph::alone);
        graph.write(
            List.of(
                Graph.query(
                    "MERGE (m:Migration {version: $version})"
                        + " SET m.name = $name, m.checksum = $sum, m.applied_at_millis = $at",
                    "version",
                    migration.version(),
                    "name",
                    migration.name(),
                    "sum",
                    migration.checksum(),
                    "at",
                    clock.millis())));
        LOG.log(
            Level.INFO,
            "the graph has migration {0} ({1}) now",
            new Object[] {migration.version(), migration.name()});
      } else if (!before.equals(migration.checksum())) {
        throw new TargetDownException(
            "the graph was made by another migration " + migration.version() + " than this build's",
            null);
      }
    }
    if (!done.isEmpty()) {
      throw new TargetDownException(
          "the graph was made by newer migrations than this build knows: " + done.keySet(), null);
    }
    return none;
  }

  /** The files of this build, in their order. */
  static List<Migration> ofThisBuild() {
    URL folder = GraphMigrations.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      throw new IllegalStateException("there is no " + FOLDER + " in this build");
    }
    try {
      URI place = folder.toURI();
      if (!"jar".equals(place.getScheme())) {
        return files(Path.of(place));
      }
      try (FileSystem archive = FileSystems.newFileSystem(place, Map.of())) {
        return files(archive.getPath(FOLDER));
      }
    } catch (IOException | URISyntaxException failure) {
      throw new IllegalStateException(FOLDER + " of this build cannot be read", failure);
    }
  }

  private static List<Migration> files(Path folder) throws IOException {
    Map<String, Migration> byVersion = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Migration read =
            Migration.of(
                file.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8));
        if (byVersion.put(read.version(), read) != null) {
          throw new IOException("there are two migrations " + read.version());
        }
      }
    }
    return new ArrayList<>(byVersion.values());
  }
}
