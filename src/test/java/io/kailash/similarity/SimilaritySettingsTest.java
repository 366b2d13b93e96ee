package io.kailash.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.InvalidSettingException;
import io.kailash.platform.Settings;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilaritySettingsTest {
  @Test
  void defaultsFitOneSmallMachine() {
    SimilaritySettings defaults = read(Map.of());
    assertThat(defaults)
        .isEqualTo(
            new SimilaritySettings(
                Optional.empty(),
                Duration.ofSeconds(1),
                100,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                defaults.parallel(),
                Duration.ofSeconds(5),
                10_000));
    assertThat(defaults.parallel()).isPositive();
  }

  @Test
  void everySettingIsReadUnderItsName() {
    assertThat(
            read(
                Map.of(
                    "kailash.vectors.folder", "somewhere",
                    "kailash.vectors.commit-every", "1ms",
                    "kailash.vectors.candidates", "2",
                    "kailash.vectors.search-timeout", "3ms",
                    "kailash.vectors.write-timeout", "4ms",
                    "kailash.embeddings.parallel", "5",
                    "kailash.embeddings.wait", "6ms",
                    "kailash.embeddings.cache-entries", "7")))
        .isEqualTo(
            new SimilaritySettings(
                Optional.of(Path.of("somewhere")),
                Duration.ofMillis(1),
                2,
                Duration.ofMillis(3),
                Duration.ofMillis(4),
                5,
                Duration.ofMillis(6),
                7));
  }

  @ParameterizedTest
  @CsvSource({
    "kailash.vectors.candidates, 0",
    "kailash.vectors.search-timeout, 0s",
    "kailash.embeddings.parallel, none",
    "kailash.embeddings.cache-entries, -1",
  })
  void aWrongValueIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> read(Map.of(name, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }

  private static SimilaritySettings read(Map<String, String> values) {
    Config config =
        (Config)
            Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("getOptionalValue")) {
                    return Optional.ofNullable(values.get(arguments[0]));
                  }
                  throw new UnsupportedOperationException(method.getName());
                });
    return SimilaritySettings.read(new Settings(config));
  }
}
