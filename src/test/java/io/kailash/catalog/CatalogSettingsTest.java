package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.InvalidSettingException;
import io.kailash.platform.Settings;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogSettingsTest {
  @Test
  void defaultsFitOneSmallMachine() {
    assertThat(read(Map.of()))
        .isEqualTo(new CatalogSettings(1000, 200, 20_000, 1000, 2000, 100, 100, 1000, 500, true));
  }

  @Test
  void everySettingIsReadUnderItsName() {
    assertThat(
            read(
                Map.of(
                    "kailash.catalog.max-title-chars", "1",
                    "kailash.catalog.max-brand-chars", "2",
                    "kailash.catalog.max-description-chars", "3",
                    "kailash.catalog.max-supplier-category-chars", "4",
                    "kailash.catalog.max-url-chars", "5",
                    "kailash.catalog.max-attributes", "6",
                    "kailash.catalog.max-attribute-name-chars", "7",
                    "kailash.catalog.max-attribute-value-chars", "8",
                    "kailash.catalog.max-query-chars", "9",
                    "kailash.starter", "false")))
        .isEqualTo(new CatalogSettings(1, 2, 3, 4, 5, 6, 7, 8, 9, false));
  }

  @ParameterizedTest
  @CsvSource({
    "kailash.catalog.max-title-chars, 0",
    "kailash.catalog.max-title-chars, 10001",
    "kailash.catalog.max-attribute-name-chars, 201",
    "kailash.catalog.max-attributes, many",
    "kailash.starter, maybe",
  })
  void aWrongValueIsRefusedByName(String name, String value) {
    assertThatThrownBy(() -> read(Map.of(name, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }

  private static CatalogSettings read(Map<String, String> values) {
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
    return CatalogSettings.read(new Settings(config));
  }
}
