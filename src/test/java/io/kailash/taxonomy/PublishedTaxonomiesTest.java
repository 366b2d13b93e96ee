package io.kailash.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The taxonomies in {@code ../shared/data}, which is beside the project and not part of it. */
class PublishedTaxonomiesTest {
  private static final ImportLimits LIMITS = new ImportLimits(200_000, 20, 200, 500, 65_536);

  @Test
  void googlesHasItsCounts() throws IOException {
    TaxonomyFile file = read("google-taxonomy.txt");

    assertThat(file.format()).isEqualTo(TaxonomyFormat.GOOGLE);
    assertThat(file.categories().size()).isEqualTo(5582);
    assertThat(file.categories().perLevel()).containsExactly(21, 192, 1349, 2198, 1377, 397, 48);
    assertThat(file.categories().leaves()).isEqualTo(4709);
  }

  @Test
  void shopifysHasItsCounts() throws IOException {
    TaxonomyFile file = read("shopify-taxonomy.txt");

    assertThat(file.format()).isEqualTo(TaxonomyFormat.SHOPIFY);
    assertThat(file.categories().size()).isEqualTo(10_595);
    assertThat(file.categories().perLevel())
        .containsExactly(26, 211, 1467, 3724, 3431, 1300, 386, 50);
    assertThat(file.categories().leaves()).isEqualTo(8516);
  }

  @Test
  void gpcHasItsCounts() throws IOException {
    TaxonomyFile file = read("gs1-gpc.tsv");

    assertThat(file.format()).isEqualTo(TaxonomyFormat.GPC);
    assertThat(file.categories().size()).isEqualTo(6073);
    assertThat(file.categories().perLevel()).containsExactly(40, 144, 900, 4989);
  }

  private static TaxonomyFile read(String name) throws IOException {
    Path path = find(name);
    try (InputStream file = Files.newInputStream(path)) {
      return TaxonomyFile.read(file, null, LIMITS);
    }
  }

  /** The file; where it is absent the test does not run, and says so. */
  static Path find(String name) {
    Path path = Path.of("..", "shared", "data", name);
    if (!Files.isRegularFile(path)) {
      String reason = "not run: " + path + " is absent";
      System.out.println("PublishedTaxonomies " + reason);
      abort(reason);
    }
    return path;
  }
}
