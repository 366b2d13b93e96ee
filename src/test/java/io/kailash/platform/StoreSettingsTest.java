package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StoreSettingsTest {
  private static Settings settings(Map<String, String> values) {
    return new Settings(
        new Config() {
          @Override
          @SuppressWarnings("unchecked")
          public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
            return Optional.ofNullable((T) values.get(name));
          }

          @Override
          public <T> T getValue(String name, Class<T> type) {
            throw new UnsupportedOperationException();
          }

          @Override
          public ConfigValue getConfigValue(String name) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Iterable<String> getPropertyNames() {
            return values.keySet();
          }

          @Override
          public Iterable<ConfigSource> getConfigSources() {
            return List.of();
          }

          @Override
          public <T> Optional<Converter<T>> getConverter(Class<T> type) {
            return Optional.empty();
          }

          @Override
          public <T> T unwrap(Class<T> type) {
            throw new UnsupportedOperationException();
          }
        });
  }

  @Test
  void redisHasTheSpecifiedLimitsByDefault() {
    RedisSettings redis = RedisSettings.read(settings(Map.of()));
    assertThat(redis.url()).hasToString("redis://127.0.0.1:6379");
    assertThat(redis.minConnections()).isEqualTo(5);
    assertThat(redis.maxConnections()).isEqualTo(100);
    assertThat(redis.connectionTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(redis.idleTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(redis.commandTimeout()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void neo4jHasTheSpecifiedLimitsByDefault() {
    Neo4jSettings neo4j = Neo4jSettings.read(settings(Map.of()));
    assertThat(neo4j.url()).hasToString("bolt://127.0.0.1:7687");
    assertThat(neo4j.minConnections()).isEqualTo(5);
    assertThat(neo4j.maxConnections()).isEqualTo(25);
    assertThat(neo4j.connectionTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(neo4j.idleTimeout()).isEqualTo(Duration.ofSeconds(180));
  }

  @Test
  void outgoingHttpHasTheSpecifiedLimitsByDefault() {
    HttpClientSettings http = HttpClientSettings.read(settings(Map.of()));
    assertThat(http.maxConnections()).isEqualTo(100);
    assertThat(http.maxConnectionsPerHost()).isEqualTo(20);
    assertThat(http.connectionTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(http.readTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void storesAreWatchedEverySecondByDefault() {
    WatchSettings watch = WatchSettings.read(settings(Map.of()));
    assertThat(watch.pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(watch.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(watch.staleAfter()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void everyFigureCanBeSet() {
    Settings all =
        settings(
            Map.ofEntries(
                Map.entry("kailash.redis.url", "rediss://u:p@cache:7000/3"),
                Map.entry("kailash.redis.pool.min", "1"),
                Map.entry("kailash.redis.pool.max", "2"),
                Map.entry("kailash.redis.pool.timeout", "3s"),
                Map.entry("kailash.redis.pool.idle", "4s"),
                Map.entry("kailash.redis.command-timeout", "5ms"),
                Map.entry("kailash.neo4j.url", "neo4j+s://graph"),
                Map.entry("kailash.neo4j.user", "reader"),
                Map.entry("kailash.neo4j.password", "secret"),
                Map.entry("kailash.neo4j.pool.min", "6"),
                Map.entry("kailash.neo4j.pool.max", "7"),
                Map.entry("kailash.neo4j.pool.timeout", "8s"),
                Map.entry("kailash.neo4j.pool.idle", "9s"),
                Map.entry("kailash.http-client.max", "11"),
                Map.entry("kailash.http-client.max-per-host", "10"),
                Map.entry("kailash.http-client.timeout", "12s"),
                Map.entry("kailash.http-client.read-timeout", "13s")));
    RedisSettings redis = RedisSettings.read(all);
    assertThat(redis.url()).hasToString("rediss://u:p@cache:7000/3");
    assertThat(redis.minConnections()).isEqualTo(1);
    assertThat(redis.maxConnections()).isEqualTo(2);
    assertThat(redis.connectionTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(redis.idleTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(redis.commandTimeout()).isEqualTo(Duration.ofMillis(5));
    assertThat(Neo4jSettings.read(all))
        .isEqualTo(
            new Neo4jSettings(
                java.net.URI.create("neo4j+s://graph"),
                "reader",
                "secret",
                6,
                7,
                Duration.ofSeconds(8),
                Duration.ofSeconds(9)));
    assertThat(HttpClientSettings.read(all))
        .isEqualTo(new HttpClientSettings(11, 10, Duration.ofSeconds(12), Duration.ofSeconds(13)));
  }

  @Test
  void chromaIsUsedWhereItsAddressIsSetAndLuceneElsewhere() {
    assertThat(VectorSettings.read(settings(Map.of())).store())
        .isEqualTo(VectorSettings.Store.LUCENE);
    VectorSettings chroma =
        VectorSettings.read(settings(Map.of("kailash.chroma.url", "http://vectors:8000")));
    assertThat(chroma.store()).isEqualTo(VectorSettings.Store.CHROMA);
    assertThat(chroma.chroma().orElseThrow()).hasToString("http://vectors:8000");
    VectorSettings lucene =
        VectorSettings.read(
            settings(
                Map.of("kailash.chroma.url", "http://vectors:8000", "kailash.vectors", "lucene")));
    assertThat(lucene.chroma()).isEmpty();
  }

  @Test
  void aPasswordReachesNoText() {
    Settings all =
        settings(
            Map.of(
                "kailash.redis.url", "redis://u:hush@cache:7000/3",
                "kailash.neo4j.password", "hush"));
    assertThat(RedisSettings.read(all).toString()).contains("cache:7000").doesNotContain("hush");
    assertThat(Neo4jSettings.read(all).toString()).doesNotContain("hush");
  }

  private record Wrong(String name, String value, Function<Settings, Object> read) {}

  @TestFactory
  Stream<DynamicTest> aWrongValueIsRefusedByNameAndNeverRepeatsAPassword() {
    return Stream.of(
            new Wrong("kailash.redis.url", "http://hush@cache", RedisSettings::read),
            new Wrong("kailash.redis.url", "redis://u:hush@ cache", RedisSettings::read),
            new Wrong("kailash.redis.url", "redis:hush", RedisSettings::read),
            new Wrong("kailash.redis.pool.min", "101", RedisSettings::read),
            new Wrong("kailash.redis.pool.max", "0", RedisSettings::read),
            new Wrong("kailash.redis.pool.timeout", "5", RedisSettings::read),
            new Wrong("kailash.redis.pool.idle", "0s", RedisSettings::read),
            new Wrong("kailash.neo4j.url", "graph:7687", Neo4jSettings::read),
            new Wrong("kailash.neo4j.pool.min", "26", Neo4jSettings::read),
            new Wrong("kailash.neo4j.pool.timeout", "soon", Neo4jSettings::read),
            new Wrong("kailash.http-client.max-per-host", "101", HttpClientSettings::read),
            new Wrong("kailash.http-client.max", "many", HttpClientSettings::read),
            new Wrong("kailash.vectors", "faiss", VectorSettings::read),
            new Wrong("kailash.chroma.url", "vectors", VectorSettings::read),
            new Wrong("kailash.watch.stale-after", "3s", WatchSettings::read))
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.name() + "=" + wrong.value(),
                    () ->
                        assertThatThrownBy(
                                () ->
                                    wrong
                                        .read()
                                        .apply(settings(Map.of(wrong.name(), wrong.value()))))
                            .isInstanceOf(InvalidSettingException.class)
                            .hasMessageContaining(wrong.name())
                            .satisfies(
                                failure -> assertThat(failure.toString()).doesNotContain("hush"))));
  }
}
