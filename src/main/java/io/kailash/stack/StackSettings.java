package io.kailash.stack;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the stack starts, where, and with which limits: the values of {@link Setting}, checked. A
 * system property wins over its environment variable, which wins over the default.
 *
 * <p>Every other {@code kailash.…} system property belongs to the service and is handed to it.
 */
public final class StackSettings {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmg])");

  private final Map<Setting, String> values;
  private final Map<String, String> forService;

  private StackSettings(Map<Setting, String> values, Map<String, String> forService) {
    this.values = values;
    this.forService = forService;
    check();
  }

  /**
   * The settings of this process.
   *
   * @throws StackFailure naming the setting, when a value is wrong
   */
  public static StackSettings ofProcess() {
    Map<String, String> properties = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name));
    }
    return of(properties, System.getenv());
  }

  /**
   * The settings given by these system properties and environment variables.
   *
   * @throws StackFailure naming the setting, when a value is wrong
   */
  public static StackSettings of(Map<String, String> properties, Map<String, String> environment) {
    Map<Setting, String> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = properties.get(setting.property());
      if (value == null) {
        value = environment.get(setting.environmentVariable());
      }
      values.put(setting, value == null ? setting.defaultValue() : value.strip());
    }
    Map<String, String> forService = new TreeMap<>();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith("kailash.") && Setting.ofProperty(name).isEmpty()) {
            forService.put(name, value);
          }
        });
    return new StackSettings(values, forService);
  }

  /**
   * These settings with one of them changed.
   *
   * @throws StackFailure naming the setting, when the value is wrong
   */
  public StackSettings with(Setting setting, String value) {
    Map<Setting, String> changed = new EnumMap<>(values);
    changed.put(setting, value);
    return new StackSettings(changed, forService);
  }

  /**
   * These settings with one more setting of the service's own.
   *
   * @throws StackFailure when {@code name} is a setting of the stack or not one of ours
   */
  public StackSettings withServiceSetting(String name, String value) {
    if (!name.startsWith("kailash.") || Setting.ofProperty(name).isPresent()) {
      throw new StackFailure(name + " is not a setting of the service.");
    }
    Map<String, String> changed = new TreeMap<>(forService);
    changed.put(name, value);
    return new StackSettings(values, changed);
  }

  /** Folder of the project, absolute. */
  public Path project() {
    String value = values.get(Setting.PROJECT);
    return Path.of(value.isEmpty() ? System.getProperty("user.dir") : value)
        .toAbsolutePath()
        .normalize();
  }

  /** The data folder, absolute. */
  public Path data() {
    return project().resolve(values.get(Setting.DATA)).normalize();
  }

  /** The WAR, absolute. */
  public Path war() {
    return project().resolve(values.get(Setting.WAR)).normalize();
  }

  /** Port of the service, 0 for a free one. */
  public int httpPort() {
    return port(Setting.HTTP_PORT);
  }

  /** The existing PostgreSQL, if one is named. */
  public Optional<PostgresAddress> existingPostgres() {
    return text(Setting.POSTGRES_URL)
        .map(
            url ->
                new PostgresAddress(
                    url,
                    needed(Setting.POSTGRES_USER, Setting.POSTGRES_URL),
                    needed(Setting.POSTGRES_PASSWORD, Setting.POSTGRES_URL)));
  }

  /** The existing Redis, if one is named. */
  public Optional<RedisAddress> existingRedis() {
    return text(Setting.REDIS_URL).map(url -> new RedisAddress(uri(Setting.REDIS_URL, url)));
  }

  /** The existing Neo4j, if one is named. */
  public Optional<Neo4jAddress> existingNeo4j() {
    return text(Setting.NEO4J_URL)
        .map(
            url ->
                new Neo4jAddress(
                    uri(Setting.NEO4J_URL, url),
                    needed(Setting.NEO4J_USER, Setting.NEO4J_URL),
                    needed(Setting.NEO4J_PASSWORD, Setting.NEO4J_URL)));
  }

  /** The existing ChromaDB, if one is named. */
  public Optional<URI> existingChroma() {
    return text(Setting.CHROMA_URL).map(url -> uri(Setting.CHROMA_URL, url));
  }

  /** Which vector store is asked for. */
  public VectorChoice vectors() {
    return switch (values.get(Setting.VECTORS)) {
      case "auto" -> VectorChoice.AUTO;
      case "chroma" -> VectorChoice.CHROMA;
      case "lucene" -> VectorChoice.LUCENE;
      default -> throw wrong(Setting.VECTORS, "auto, chroma or lucene");
    };
  }

  /** Whether an empty service begins with the sample catalog. */
  public boolean starter() {
    return switch (values.get(Setting.STARTER)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(Setting.STARTER, "true or false");
    };
  }

  /** How long each server may take to start. */
  public Duration startLimit() {
    return Duration.ofSeconds(number(Setting.START_SECONDS, 5, 3600));
  }

  int port(Setting setting) {
    return number(setting, 0, 65_535);
  }

  /** A size in bytes. */
  long bytes(Setting setting) {
    Matcher size = SIZE.matcher(values.get(setting).toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw wrong(setting, "a size such as 384m or 1g");
    }
    long unit =
        switch (size.group(2)) {
          case "k" -> 1024L;
          case "m" -> 1024L * 1024;
          default -> 1024L * 1024 * 1024;
        };
    return Long.parseLong(size.group(1)) * unit;
  }

  List<String> serviceJvmOptions() {
    return Stream.of(values.get(Setting.SERVICE_JVM_OPTIONS).split("\\s+"))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  Map<String, String> forService() {
    return Map.copyOf(forService);
  }

  private void check() {
    try {
      data();
      war();
    } catch (InvalidPathException e) {
      throw new StackFailure(
          e.getInput() + " is no path: correct kailash.data, kailash.war or kailash.project.", e);
    }
    for (Setting setting :
        List.of(
            Setting.HTTP_PORT,
            Setting.POSTGRES_PORT,
            Setting.REDIS_PORT,
            Setting.NEO4J_PORT,
            Setting.CHROMA_PORT)) {
      port(setting);
    }
    atLeast(Setting.SERVICE_HEAP, "128m");
    atLeast(Setting.NEO4J_HEAP, "128m");
    atLeast(Setting.NEO4J_PAGE_CACHE, "8m");
    atLeast(Setting.REDIS_MEMORY, "8m");
    atLeast(Setting.MEMORY_MINIMUM, "0m");
    atLeast(Setting.DISK_MINIMUM, "0m");
    startLimit();
    starter();
    vectors();
    existingPostgres()
        .ifPresent(
            postgres -> {
              if (!postgres.jdbcUrl().startsWith("jdbc:postgresql://")) {
                throw wrong(Setting.POSTGRES_URL, "jdbc:postgresql://host:port/database");
              }
            });
    existingRedis().ifPresent(redis -> scheme(Setting.REDIS_URL, redis.uri(), "redis", "rediss"));
    existingNeo4j()
        .ifPresent(neo4j -> scheme(Setting.NEO4J_URL, neo4j.uri(), "bolt", "neo4j", "bolt+s"));
    existingChroma().ifPresent(chroma -> scheme(Setting.CHROMA_URL, chroma, "http", "https"));
  }

  private void scheme(Setting setting, URI uri, String... schemes) {
    if (uri.getHost() == null || !List.of(schemes).contains(uri.getScheme())) {
      throw wrong(setting, schemes[0] + "://host:port");
    }
  }

  private void atLeast(Setting setting, String least) {
    if (bytes(setting) < with(least)) {
      throw wrong(setting, "at least " + least);
    }
  }

  private static long with(String mebibytes) {
    return Long.parseLong(mebibytes.substring(0, mebibytes.length() - 1)) * 1024 * 1024;
  }

  private int number(Setting setting, int least, int most) {
    String allowed = "a whole number from " + least + " to " + most;
    try {
      int value = Integer.parseInt(values.get(setting));
      if (value < least || value > most) {
        throw wrong(setting, allowed);
      }
      return value;
    } catch (NumberFormatException e) {
      throw wrong(setting, allowed);
    }
  }

  private Optional<String> text(Setting setting) {
    return Optional.of(values.get(setting)).filter(value -> !value.isEmpty());
  }

  private String needed(Setting setting, Setting becauseOf) {
    return text(setting)
        .orElseThrow(
            () ->
                new StackFailure(
                    setting.property()
                        + " is missing: "
                        + becauseOf.property()
                        + " names an existing server, so its user and password are needed too."));
  }

  private URI uri(Setting setting, String value) {
    try {
      return URI.create(value);
    } catch (IllegalArgumentException e) {
      throw wrong(setting, "a URL");
    }
  }

  private StackFailure wrong(Setting setting, String allowed) {
    String value = values.get(setting);
    String shown = setting.property().endsWith(".url") ? value.replaceAll("//.*@", "//…@") : value;
    return new StackFailure(
        setting.property() + "=" + shown + " is wrong: it must be " + allowed + ".");
  }
}
