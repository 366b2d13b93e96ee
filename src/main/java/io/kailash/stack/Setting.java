package io.kailash.stack;

import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of the stack: its name as a system property ({@code -Dname=value}), its default,
 * and what it means. The environment's name for it is the same in capitals with {@code _} for each
 * dot and hyphen.
 */
public enum Setting {
  /** Folder of the project: where {@code server-config} and {@code target} are. */
  PROJECT("kailash.project", "", "folder of the project; the current one when empty"),
  /** The one folder of everything that must outlive the run. */
  DATA("kailash.data", "data", "folder of all data, relative to the project"),
  /** What is deployed. */
  WAR("kailash.war", "target/kailash.war", "the WAR that is run, relative to the project"),
  /** The service's port. */
  HTTP_PORT("kailash.http.port", "8080", "port of the service on 127.0.0.1; 0 takes a free one"),
  /** PostgreSQL's port. */
  POSTGRES_PORT("kailash.postgres.port", "15432", "port of the embedded PostgreSQL; 0: a free one"),
  /** An existing PostgreSQL. */
  POSTGRES_URL("kailash.postgres.url", "", "JDBC URL of an existing PostgreSQL; none is embedded"),
  /** Its user. */
  POSTGRES_USER("kailash.postgres.user", "", "user on the existing PostgreSQL"),
  /** Its password. */
  POSTGRES_PASSWORD("kailash.postgres.password", "", "password on the existing PostgreSQL"),
  /** Redis's port. */
  REDIS_PORT("kailash.redis.port", "16379", "port of the embedded Redis; 0: a free one"),
  /** Redis's limit. */
  REDIS_MEMORY("kailash.redis.memory", "128m", "memory limit of the embedded Redis"),
  /** An existing Redis. */
  REDIS_URL("kailash.redis.url", "", "redis:// URL of an existing Redis; none is embedded"),
  /** Neo4j's port. */
  NEO4J_PORT("kailash.neo4j.port", "17687", "Bolt port of the embedded Neo4j; 0: a free one"),
  /** Neo4j's heap. */
  NEO4J_HEAP("kailash.neo4j.heap", "256m", "heap of the embedded Neo4j"),
  /** Neo4j's page cache. */
  NEO4J_PAGE_CACHE("kailash.neo4j.page-cache", "64m", "page cache of the embedded Neo4j"),
  /** An existing Neo4j. */
  NEO4J_URL("kailash.neo4j.url", "", "bolt:// URL of an existing Neo4j; none is embedded"),
  /** Its user. */
  NEO4J_USER("kailash.neo4j.user", "", "user on the existing Neo4j"),
  /** Its password. */
  NEO4J_PASSWORD("kailash.neo4j.password", "", "password on the existing Neo4j"),
  /** Chroma's port. */
  CHROMA_PORT("kailash.chroma.port", "18000", "port of the embedded ChromaDB; 0: a free one"),
  /** An existing Chroma. */
  CHROMA_URL("kailash.chroma.url", "", "http:// URL of an existing ChromaDB; none is embedded"),
  /** Which vector store. */
  VECTORS(
      "kailash.vectors", "auto", "vector store: auto (chroma where Node.js is), chroma or lucene"),
  /** Sample data. */
  STARTER("kailash.starter", "true", "whether an empty service begins with the sample catalog"),
  /** The service's heap. */
  SERVICE_HEAP("kailash.service.heap", "512m", "heap of the service"),
  /** More options for the service's JVM. */
  SERVICE_JVM_OPTIONS(
      "kailash.service.jvm-options", "", "more options for the service's JVM, separated by blanks"),
  /** Free memory that a start wants. */
  MEMORY_MINIMUM("kailash.memory.minimum", "1500m", "free memory without which nothing is started"),
  /** Free disk that a start wants. */
  DISK_MINIMUM("kailash.disk.minimum", "2g", "free disk space without which nothing is started"),
  /** How long one server may take. */
  START_SECONDS("kailash.start.seconds", "300", "seconds that each server may take to start");

  private final String property;
  private final String defaultValue;
  private final String meaning;

  Setting(String property, String defaultValue, String meaning) {
    this.property = property;
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  /** Its name as a system property. */
  public String property() {
    return property;
  }

  /** Its name as an environment variable. */
  public String environmentVariable() {
    return environmentVariable(property);
  }

  /** What holds when it is not set. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it means, in one phrase. */
  public String meaning() {
    return meaning;
  }

  static String environmentVariable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  static Optional<Setting> ofProperty(String property) {
    for (Setting setting : values()) {
      if (setting.property.equals(property)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
