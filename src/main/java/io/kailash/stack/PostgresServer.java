package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A real PostgreSQL from the binaries of a Maven artifact: durable, password for everybody, no
 * socket but loopback.
 */
final class PostgresServer {

  private static final String SUPERUSER = "postgres";
  private static final String NAME = "kailash";

  private PostgresServer() {}

  static PostgresAddress start(Launch launch, int port) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Path programs = unpacked(launch.folder());
    List<String> prefix = asOrdinaryUser(launch);
    Path data = launch.folder().resolve("postgres");
    initialise(launch, programs, prefix, data);
    checkMajorVersion(launch, programs, prefix, data);

    Path hba = launch.configure("postgres", "pg_hba.conf", "pg_hba.conf", Map.of());
    Path conf =
        launch.configure(
            "postgres",
            "postgresql.conf",
            "postgresql.conf",
            Map.of("port", Integer.toString(port), "hba-file", hba.toString()));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            programs.resolve("bin/postgres").toString(),
            "-D",
            data.toString(),
            "-c",
            "config_file=" + conf));
    ServerProcess process =
        launch.start(
            new ServerProcess.Order(
                5,
                "PostgreSQL",
                "postgresql",
                command,
                Map.of("LC_ALL", "C", "TZ", "UTC"),
                StopSignal.INT,
                Launch.patience(60)));

    Properties superuser = new Properties();
    superuser.setProperty("user", SUPERUSER);
    superuser.setProperty("password", launch.folder().secret("postgres-superuser"));
    String server = "jdbc:postgresql://127.0.0.1:" + port + "/";
    String password = launch.folder().secret("postgres-" + NAME);
    String[] version = new String[1];
    launch.await(
        process,
        () -> {
          try (Connection connection =
              DriverManager.getConnection(server + "postgres", superuser)) {
            version[0] = connection.getMetaData().getDatabaseProductVersion();
            prepareForService(connection, password);
            return true;
          }
        });
    launch.ready("PostgreSQL " + version[0], port, began);
    return new PostgresAddress(server + NAME, NAME, password);
  }

  private static void prepareForService(Connection connection, String password)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String verb = exists(statement, "pg_roles WHERE rolname") ? "ALTER" : "CREATE";
      statement.execute(verb + " ROLE " + NAME + " LOGIN PASSWORD '" + password + "'");
      statement.execute("GRANT pg_monitor TO " + NAME);
      if (!exists(statement, "pg_database WHERE datname")) {
        statement.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
      }
    }
  }

  private static boolean exists(Statement statement, String where) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + where + " = '" + NAME + "'")) {
      return rows.next();
    }
  }

  private static void initialise(Launch launch, Path programs, List<String> prefix, Path data)
      throws IOException, InterruptedException {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    if (Files.exists(data)) {
      throw new StackFailure(
          data + " holds no PostgreSQL data: empty it, or set kailash.data to another folder.");
    }
    // Made beside its place and moved at the end: an interrupted initdb leaves nothing half-made.
    Path unfinished = launch.folder().resolve("postgres.new");
    DataFolder.delete(unfinished);
    Path passwordFile = launch.folder().resolve("tmp").resolve("initdb-password");
    launch.folder().writePrivately(passwordFile, launch.folder().secret("postgres-superuser"));
    try {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(
          List.of(
              programs.resolve("bin/initdb").toString(),
              "--pgdata=" + unfinished,
              "--username=" + SUPERUSER,
              "--pwfile=" + passwordFile,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--lc-collate=C",
              "--lc-ctype=" + utf8Locale(),
              "--lc-messages=C",
              "--data-checksums"));
      Programs.Outcome outcome = launch.run("postgresql-initdb", Map.of(), command);
      if (!outcome.succeeded()) {
        throw new StackFailure(
            "PostgreSQL could not make its data folder "
                + data
                + ": "
                + outcome.output().strip().replaceAll("\\s*\\R\\s*", " | "));
      }
      Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(passwordFile);
    }
  }

  /** Upper and lower case beyond ASCII need a UTF-8 locale; its name is the system's own. */
  private static String utf8Locale() {
    return System.getProperty("os.name").startsWith("Linux") ? "C.UTF-8" : "en_US.UTF-8";
  }

  private static void checkMajorVersion(
      Launch launch, Path programs, List<String> prefix, Path data)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(programs.resolve("bin/postgres").toString(), "--version"));
    Programs.Outcome outcome = launch.run("postgresql-version", Map.of(), command);
    if (!outcome.succeeded()) {
      throw new StackFailure(
          "PostgreSQL's program does not run on this machine ("
              + outcome.output().strip()
              + "): name an existing server by kailash.postgres.url.");
    }
    String held = Files.readString(data.resolve("PG_VERSION"), UTF_8).strip();
    if (!outcome.output().contains(" " + held + ".")) {
      throw new StackFailure(
          data
              + " was written by PostgreSQL "
              + held
              + ", but this build brings "
              + outcome.output().strip()
              + ": set kailash.data to another folder, or dump it with the old one first.");
    }
  }

  /**
   * PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is.
   */
  private static List<String> asOrdinaryUser(Launch launch)
      throws IOException, InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    List<String> unshare = List.of("unshare", "--user");
    List<String> trial = new ArrayList<>(unshare);
    trial.add("true");
    if (Programs.onPath("unshare").isEmpty()
        || !launch.run("unshare", Map.of(), trial).succeeded()) {
      throw new StackFailure(
          "PostgreSQL refuses to run as root and this machine has no user namespaces: run as an"
              + " ordinary user, or name an existing server by kailash.postgres.url.");
    }
    return unshare;
  }

  private static Path unpacked(DataFolder folder) throws IOException {
    try (InputStream archive =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
            System.getProperty("os.name"), System.getProperty("os.arch"))) {
      byte[] bytes = archive.readAllBytes();
      Path target = folder.resolve("programs").resolve("postgresql-" + Fingerprint.of(bytes));
      if (!Files.exists(target)) {
        Path unfinished = target.resolveSibling(target.getFileName() + ".new");
        DataFolder.delete(unfinished);
        unpack(bytes, unfinished);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      }
      return target;
    } catch (IllegalStateException e) {
      throw new StackFailure(
          "There is no PostgreSQL for this machine ("
              + e.getMessage()
              + "): name an existing server by kailash.postgres.url.",
          e);
    }
  }

  private static void unpack(byte[] archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(
                new BufferedInputStream(new java.io.ByteArrayInputStream(archive))))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("The archive has a path outside its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }
}
