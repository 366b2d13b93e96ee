package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackSettingsTest {

  private static final Map<String, String> NONE = Map.of();

  @Test
  void namesAndDefaultsArePinned() {
    Map<String, String> all = new LinkedHashMap<>();
    Arrays.stream(Setting.values())
        .forEach(setting -> all.put(setting.property(), setting.defaultValue()));

    assertThat(all)
        .containsExactly(
            Map.entry("kailash.project", ""),
            Map.entry("kailash.data", "data"),
            Map.entry("kailash.war", "target/kailash.war"),
            Map.entry("kailash.http.port", "8080"),
            Map.entry("kailash.postgres.port", "15432"),
            Map.entry("kailash.postgres.url", ""),
            Map.entry("kailash.postgres.user", ""),
            Map.entry("kailash.postgres.password", ""),
            Map.entry("kailash.redis.port", "16379"),
            Map.entry("kailash.redis.memory", "128m"),
            Map.entry("kailash.redis.url", ""),
            Map.entry("kailash.neo4j.port", "17687"),
            Map.entry("kailash.neo4j.heap", "256m"),
            Map.entry("kailash.neo4j.page-cache", "64m"),
            Map.entry("kailash.neo4j.url", ""),
            Map.entry("kailash.neo4j.user", ""),
            Map.entry("kailash.neo4j.password", ""),
            Map.entry("kailash.chroma.port", "18000"),
            Map.entry("kailash.chroma.url", ""),
            Map.entry("kailash.vectors", "auto"),
            Map.entry("kailash.starter", "true"),
            Map.entry("kailash.service.heap", "512m"),
            Map.entry("kailash.service.jvm-options", ""),
            Map.entry("kailash.memory.minimum", "1500m"),
            Map.entry("kailash.disk.minimum", "2g"),
            Map.entry("kailash.start.seconds", "300"));
  }

  @Test
  void everySettingSaysWhatItMeans() {
    assertThat(Setting.values()).allSatisfy(setting -> assertThat(setting.meaning()).isNotBlank());
  }

  @Test
  void defaultsEmbedEveryStoreAndPutTheDataIntoTheProject() {
    StackSettings settings = StackSettings.of(Map.of("kailash.project", "/somewhere"), NONE);

    assertThat(settings.data()).isEqualTo(Path.of("/somewhere/data"));
    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.starter()).isTrue();
    assertThat(settings.vectors()).isEqualTo(VectorChoice.AUTO);
    assertThat(settings.startLimit()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.existingPostgres()).isEmpty();
    assertThat(settings.existingRedis()).isEmpty();
    assertThat(settings.existingNeo4j()).isEmpty();
    assertThat(settings.existingChroma()).isEmpty();
  }

  @Test
  void systemPropertyWinsOverEnvironmentWhichWinsOverDefault() {
    Map<String, String> environment =
        Map.of("KAILASH_HTTP_PORT", "8081", "KAILASH_NEO4J_PAGE_CACHE", "32m");

    StackSettings byEnvironment = StackSettings.of(NONE, environment);
    StackSettings byProperty = StackSettings.of(Map.of("kailash.http.port", "8082"), environment);

    assertThat(byEnvironment.httpPort()).isEqualTo(8081);
    assertThat(byEnvironment.bytes(Setting.NEO4J_PAGE_CACHE)).isEqualTo(32L * 1024 * 1024);
    assertThat(byProperty.httpPort()).isEqualTo(8082);
  }

  @ParameterizedTest
  @CsvSource({
    "kailash.http.port, 65536",
    "kailash.http.port, -1",
    "kailash.http.port, web",
    "kailash.postgres.port, ''",
    "kailash.service.heap, 384",
    "kailash.service.heap, 64m",
    "kailash.service.heap, 1t",
    "kailash.starter, yes",
    "kailash.vectors, pinecone",
    "kailash.start.seconds, 0",
    "kailash.redis.url, http://127.0.0.1:6379",
    "kailash.redis.url, 127.0.0.1:6379",
    "kailash.chroma.url, chroma",
    "kailash.disk.minimum, -1g",
    "kailash.memory.minimum, 99999999999999g",
  })
  void wrongValueIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> StackSettings.of(Map.of(name, value), NONE))
        .isInstanceOf(StackFailure.class)
        .hasMessageStartingWith(name + "=" + value + " is wrong: it must be ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void existingServerNeedsUserAndPassword() {
    Map<String, String> properties =
        Map.of(
            "kailash.postgres.url", "jdbc:postgresql://db/kailash", "kailash.postgres.user", "me");

    assertThatThrownBy(() -> StackSettings.of(properties, NONE))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("kailash.postgres.password is missing");
  }

  @Test
  void passwordInAWrongUrlIsNotShown() {
    assertThatThrownBy(
            () -> StackSettings.of(Map.of("kailash.redis.url", "http://:hush@host:1"), NONE))
        .isInstanceOf(StackFailure.class)
        .hasMessageNotContaining("hush");
  }

  @Test
  void addressesHideTheirPasswords() {
    assertThat(new PostgresAddress("jdbc:postgresql://db/kailash", "me", "hush").toString())
        .isEqualTo("jdbc:postgresql://db/kailash as me");
    assertThat(new RedisAddress(java.net.URI.create("redis://:hush@host:1/0")).toString())
        .isEqualTo("redis://host:1");
    assertThat(new Neo4jAddress(java.net.URI.create("bolt://host:1"), "me", "hush").toString())
        .isEqualTo("bolt://host:1 as me");
  }

  @Test
  void otherSettingsOfOursGoToTheServiceAndForeignOnesDoNot() {
    StackSettings settings =
        StackSettings.of(
            Map.of("kailash.postgres.pool.max", "7", "kailash.http.port", "1", "java.home", "x"),
            NONE);

    assertThat(settings.forService()).containsExactly(Map.entry("kailash.postgres.pool.max", "7"));
  }
}
