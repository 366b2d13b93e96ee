package io.kailash.taxonomy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kailash.platform.InvalidSettingException;
import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Test;

/** The memory of the room, on tables that are lists and can go down. */
class TaxonomiesTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final Tables tables = new Tables();
  private final Taxonomies taxonomies = taxonomies(Map.of());

  @Test
  void theLastKnownAreServedWhileTheDatabaseIsDown() {
    tables.put("a", 1);
    taxonomies.refresh();
    tables.down = true;

    assertThatThrownBy(taxonomies::refresh).isInstanceOf(IllegalStateException.class);

    assertThat(taxonomies.require("a").categories().find("c1")).isPresent();
    assertThat(taxonomies.find("a")).isPresent();
    assertThat(taxonomies.all()).hasSize(1);
  }

  @Test
  void aLookUpNeverReadsTheDatabase() {
    tables.put("a", 1);
    taxonomies.refresh();
    int readings = tables.readings;

    taxonomies.find("a");
    taxonomies.find("unknown");
    taxonomies.require("a");
    taxonomies.require(null);
    taxonomies.all();

    assertThat(tables.readings).isEqualTo(readings);
  }

  @Test
  void categoriesAreReadAgainOnlyForAnotherVersion() {
    tables.put("a", 1);
    taxonomies.refresh();
    Categories first = taxonomies.require("a").categories();
    taxonomies.refresh();
    assertThat(taxonomies.require("a").categories()).isSameAs(first);

    tables.put("a", 2);
    taxonomies.refresh();

    assertThat(taxonomies.require("a").version()).isEqualTo(2);
    assertThat(taxonomies.require("a").categories().find("c2")).isPresent();
  }

  @Test
  void aTaxonomyMadeAnewUnderAnOldCodeIsAnother() {
    tables.put("a", 1);
    taxonomies.refresh();
    Categories first = taxonomies.require("a").categories();

    tables.ids.clear();
    tables.put("a", 1);
    taxonomies.refresh();

    assertThat(taxonomies.require("a").categories()).isNotSameAs(first);
  }

  @Test
  void aDeletedTaxonomyIsGone() {
    tables.put("a", 1);
    taxonomies.refresh();
    tables.rows.clear();
    taxonomies.refresh();

    assertThat(taxonomies.find("a")).isEmpty();
    assertThat(taxonomies.find(null)).isEmpty();
    assertThat(taxonomies.all()).isEmpty();
  }

  @Test
  void anUnknownTaxonomyIsRefusedWithTheKnownOnes() {
    tables.put("b", 1);
    tables.put("a", 1);
    taxonomies.refresh();

    Problem problem = problem(() -> taxonomies.require("nope"));

    assertThat(problem.status()).isEqualTo(404);
    assertThat(problem.detail()).isEqualTo("there is no taxonomy 'nope'; known are a, b");
  }

  @Test
  void aTaxonomyWithoutAVersionIsRefusedWithTheWayToOne() {
    tables.put("a", 0);
    taxonomies.refresh();

    Problem problem = problem(() -> taxonomies.require("a"));

    assertThat(problem.status()).isEqualTo(409);
    assertThat(problem.detail()).contains("POST /api/v1/taxonomies/a/versions");
    assertThat(taxonomies.all()).isEmpty();
  }

  @Test
  void theOnlyTaxonomyIsTheDefault() {
    tables.put("empty", 0);
    tables.put("a", 1);
    taxonomies.refresh();
    assertThat(taxonomies.require(null).code()).isEqualTo("a");

    tables.put("b", 1);
    taxonomies.refresh();

    Problem problem = problem(() -> taxonomies.require(null));
    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.errors().get(0).pointer()).isEqualTo("/taxonomy");
    assertThat(problem.errors().get(0).detail()).contains("a, b");
  }

  @Test
  void noTaxonomyAtAllIsRefusedWithTheWayToOne() {
    Problem problem = problem(() -> taxonomies.require(null));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.detail()).contains("POST /api/v1/taxonomies/{code}/versions");
  }

  @Test
  void theSettingNamesTheDefault() {
    tables.put("a", 1);
    tables.put("b", 1);
    Taxonomies withDefault = taxonomies(Map.of("kailash.taxonomy.default", "b"));
    withDefault.refresh();

    assertThat(withDefault.require(null).code()).isEqualTo("b");
  }

  @Test
  void settingsHaveTheirDefaultsAndRefuseWrongValuesByName() {
    TaxonomySettings defaults = settings(Map.of());

    assertThat(defaults.defaultCode()).isEmpty();
    assertThat(defaults.refresh()).isEqualTo(Duration.ofSeconds(5));
    assertThat(defaults.reviewThreshold()).isEqualTo(0.7);
    assertThat(defaults.limits()).isEqualTo(new ImportLimits(200_000, 20, 200, 500, 65_536));
    for (Map.Entry<String, String> wrong :
        Map.of(
                "kailash.taxonomy.default", "Not A Code",
                "kailash.taxonomy.refresh", "0s",
                "kailash.taxonomy.review-threshold", "1.1",
                "kailash.taxonomy.max-categories", "0",
                "kailash.taxonomy.max-levels", "0",
                "kailash.taxonomy.max-code-length", "1001",
                "kailash.taxonomy.max-name-length", "x",
                "kailash.taxonomy.max-line-length", "999")
            .entrySet()) {
      assertThatThrownBy(() -> settings(Map.of(wrong.getKey(), wrong.getValue())))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith("setting " + wrong.getKey() + ": '" + wrong.getValue() + "'");
    }
  }

  @Test
  void anImportIsDoneEvenWhereItCannotBeReadBack() {
    tables.goesDownAfterWriting = true;

    ImportResult result = importInto("a");

    assertThat(result.created()).isTrue();
    assertThat(taxonomies.find("a")).isEmpty();
    tables.down = false;
    taxonomies.refresh();
    assertThat(taxonomies.find("a")).isPresent();
  }

  @Test
  void wrongCodesAndNamesAreRefusedBeforeTheFileIsRead() {
    for (String code : List.of("", "A", "-a", "a b", "a/b", "a".repeat(64), "ä")) {
      assertThat(problem(() -> importInto(code)).errors().get(0).pointer()).isEqualTo("{code}");
    }
    Problem problem =
        problem(() -> taxonomies.importVersion("me", "a", "n".repeat(201), false, null, file()));
    assertThat(problem.errors().get(0).pointer()).isEqualTo("?name");
    assertThat(tables.rows).isEmpty();
  }

  private ImportResult importInto(String code) {
    return taxonomies.importVersion("me", code, null, false, null, file());
  }

  private static ByteArrayInputStream file() {
    return new ByteArrayInputStream("code,name,parent\nc1,C,\n".getBytes(UTF_8));
  }

  private Taxonomies taxonomies(Map<String, String> values) {
    return new Taxonomies(tables, Clock.fixed(NOW, ZoneOffset.UTC), settings(values));
  }

  private static TaxonomySettings settings(Map<String, String> values) {
    return TaxonomySettings.read(new Settings(new MapConfig(values)));
  }

  private static Problem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    ProblemException refused = catchThrowableOfType(ProblemException.class, call);
    assertThat(refused).as("refusal").isNotNull();
    return refused.problem();
  }

  /** One category {@code c<version>} per version. */
  private static final class Tables extends TaxonomyStore {
    final List<TaxonomyRow> rows = new ArrayList<>();
    final Map<String, Long> ids = new HashMap<>();
    long nextId = 1;
    int readings;
    boolean down;
    boolean goesDownAfterWriting;

    Tables() {
      super(null, null, null, null);
    }

    void put(String code, int version) {
      long id = ids.computeIfAbsent(code, made -> nextId++);
      rows.removeIf(row -> row.code().equals(code));
      VersionRow active =
          version == 0
              ? null
              : new VersionRow(version, "00", false, "csv", List.of(1), 1, 1, NOW, "me");
      rows.add(new TaxonomyRow(id, code, code, 0.7, 1, NOW, NOW, active));
    }

    @Override
    List<TaxonomyRow> all() {
      read();
      return List.copyOf(rows);
    }

    @Override
    Categories categories(long taxonomyId, int version) {
      read();
      return Categories.of(List.of(new CategoryRow("c" + version, "C", null)));
    }

    @Override
    Written write(
        String actor,
        String code,
        String name,
        boolean sample,
        double reviewThreshold,
        TaxonomyFile file) {
      put(code, 1);
      down = goesDownAfterWriting;
      return new Written(true, 1, 1);
    }

    private void read() {
      readings++;
      if (down) {
        throw new IllegalStateException("down");
      }
    }
  }

  private record MapConfig(Map<String, String> values) implements Config {
    @Override
    public <T> T getValue(String name, Class<T> type) {
      return getOptionalValue(name, type).orElseThrow();
    }

    @Override
    public ConfigValue getConfigValue(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
      return Optional.ofNullable(type.cast(values.get(name)));
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
  }
}
