package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static Settings with(String name, String value) {
    return new Settings(new MapConfig(Map.of(name, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "250ms,PT0.25S",
    "30s,PT30S",
    "5m,PT5M",
    "1h,PT1H",
    "7d,PT168H",
    "PT30S,PT30S",
    "' 2 s ',PT2S"
  })
  void aDurationIsReadInEveryDocumentedForm(String text, String expected) {
    assertThat(with("k", text).duration("k", Duration.ZERO)).isEqualTo(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-1s", "PT-5S", "5", "five seconds", "5y", "99999999999999999999s"})
  void aWrongDurationIsRefusedByTheNameOfTheSetting(String text) {
    assertThatThrownBy(
            () ->
                with("kailash.some.timeout", text).duration("kailash.some.timeout", Duration.ZERO))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("setting kailash.some.timeout: '" + text + "'");
  }

  @Test
  void aDurationOutOfItsBoundsIsRefusedOnBothSides() {
    Duration least = Duration.ofDays(3);
    Duration most = Duration.ofDays(30);
    assertThat(with("k", "3d").duration("k", most, least, most)).isEqualTo(least);
    assertThat(with("k", "30d").duration("k", least, least, most)).isEqualTo(most);
    for (String text : new String[] {"71h", "31d"}) {
      assertThatThrownBy(() -> with("k", text).duration("k", least, least, most))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith("setting k: '" + text + "'")
          .hasMessageContaining("PT72H");
    }
  }

  @Test
  void aWholeNumberOutOfItsBoundsIsRefusedOnBothSides() {
    assertThat(with("k", "1").wholeNumber("k", 5, 1, 9)).isEqualTo(1);
    assertThat(with("k", "9").wholeNumber("k", 5, 1, 9)).isEqualTo(9);
    for (String text : new String[] {"0", "10", "4.5", "many", "99999999999"}) {
      assertThatThrownBy(() -> with("k", text).wholeNumber("k", 5, 1, 9))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining("k")
          .hasMessageContaining(text);
    }
  }

  @Test
  void aShareOutsideZeroToOneIsRefused() {
    assertThat(with("k", "1").share("k", 0.5)).isEqualTo(1);
    assertThatThrownBy(() -> with("k", "1.01").share("k", 0.5))
        .isInstanceOf(InvalidSettingException.class);
    assertThatThrownBy(() -> with("k", "NaN").share("k", 0.5))
        .isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void aFlagIsTrueOrFalseAndNothingElse() {
    assertThat(with("k", "TRUE").flag("k", false)).isTrue();
    assertThat(with("k", "false").flag("k", true)).isFalse();
    assertThatThrownBy(() -> with("k", "yes").flag("k", true))
        .isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void aBlankValueCountsAsNotSet() {
    assertThat(with("k", "  ").wholeNumber("k", 5, 1, 9)).isEqualTo(5);
    assertThat(with("k", "").text("k", "fallback")).isEqualTo("fallback");
  }

  /** Settings from a map. */
  private record MapConfig(Map<String, String> values) implements Config {
    @Override
    public <T> T getValue(String name, Class<T> type) {
      return getOptionalValue(name, type).orElseThrow();
    }

    @Override
    public ConfigValue getConfigValue(String name) {
      throw new IllegalStateException("not asked for");
    }

    @Override
    public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
      return Optional.ofNullable(values.get(name)).map(type::cast);
    }

    @Override
    public Iterable<String> getPropertyNames() {
      return values.keySet();
    }

    @Override
    public Iterable<ConfigSource> getConfigSources() {
      throw new IllegalStateException("not asked for");
    }

    @Override
    public <T> Optional<Converter<T>> getConverter(Class<T> type) {
      throw new IllegalStateException("not asked for");
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      throw new IllegalStateException("not asked for");
    }
  }
}
