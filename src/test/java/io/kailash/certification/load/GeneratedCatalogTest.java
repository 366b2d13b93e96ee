package io.kailash.certification.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The generated catalog is the same for everybody, and no item is like another. */
class GeneratedCatalogTest {

  private static final Path SAMPLES = Path.of("src/main/resources/starter/items.csv");

  @Test
  void theSameSeedGivesTheSameItems() throws IOException {
    GeneratedCatalog one = GeneratedCatalog.of(SAMPLES, 5);
    GeneratedCatalog same = GeneratedCatalog.of(SAMPLES, 5);
    GeneratedCatalog other = GeneratedCatalog.of(SAMPLES, 6);

    assertThat(one.item(123_456)).isEqualTo(same.item(123_456));
    assertThat(one.item(123_456)).isNotEqualTo(other.item(123_456));
  }

  @Test
  void noTitleComesTwice() throws IOException {
    GeneratedCatalog catalog = GeneratedCatalog.of(SAMPLES, 5);
    Set<String> titles = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      titles.add(catalog.item(i).title());
    }

    assertThat(titles).hasSize(20_000);
  }

  @Test
  void anItemIsKnownByItsSku() throws IOException {
    GeneratedCatalog catalog = GeneratedCatalog.of(SAMPLES, 5);

    assertThat(GeneratedCatalog.number(catalog.item(42).sku())).hasValue(42);
    assertThat(GeneratedCatalog.number("load-00000x2")).isEmpty();
    assertThat(GeneratedCatalog.number("KS-0001")).isEmpty();
    assertThat(GeneratedCatalog.number("load-12345678")).isEmpty();
    assertThat(catalog.item(49).hidden()).isTrue();
    assertThat(catalog.item(48).hidden()).isFalse();
  }

  @Test
  void answersFromMemoryAreCountedFromTheServicesOwnFigures() {
    CacheFigures before =
        CacheFigures.read(
            """
            # TYPE kailash_classifications_total counter
            kailash_classifications_total{from="cache",mp_scope="application"} 10.0
            kailash_classifications_total{from="model",mp_scope="application"} 90.0
            kailash_recommendation_lists_total{from="memory",mp_scope="application"} 1.0
            """);
    CacheFigures after =
        CacheFigures.read(
            """
            kailash_classifications_total{from="cache",mp_scope="application"} 20.0
            kailash_classifications_total{from="model",mp_scope="application"} 1.1E2
            kailash_recommendation_lists_total{from="memory",mp_scope="application"} 1.0
            kailash_recommendation_lists_total{from="sources",mp_scope="application"} 10.0
            other_total{from="cache"} 99.0
            """);

    assertThat(after.shareSince(before)).hasValue(10.0 / 40.0);
    assertThat(after.shareSince(after)).isEmpty();
  }
}
