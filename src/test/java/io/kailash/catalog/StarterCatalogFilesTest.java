package io.kailash.catalog;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class StarterCatalogFilesTest {
  private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private final List<CSVRecord> taxonomy = rows("taxonomy.csv", "code", "name", "parent");
  private final List<CSVRecord> items =
      rows("items.csv", "sku", "title", "brand", "description", "category");
  private final List<CSVRecord> everyday = rows("everyday.csv", "title", "category");

  @Test
  void theTaxonomyHasTheCountsThatItsReadmeStates() {
    Map<Integer, Long> perLevel =
        taxonomy.stream().collect(groupingBy(row -> level(row.get("code")), counting()));

    assertThat(perLevel).isEqualTo(Map.of(1, 19L, 2, 61L, 3, 230L));
    assertThat(readme()).contains("19 departments, 61 groups, 230 leaves");
  }

  @Test
  void theItemsHaveTheCountsThatTheirReadmeStates() {
    Map<String, Long> perLeaf = itemsPerCategory();
    long fewest = perLeaf.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    long most = perLeaf.values().stream().mapToLong(Long::longValue).max().orElseThrow();

    assertThat(readme())
        .contains(
            String.format(
                java.util.Locale.ROOT,
                "%d items, %d to %d for each leaf",
                items.size(),
                fewest,
                most));
    assertThat(share("brand")).isBetween(0.75, 0.85);
    assertThat(share("description")).isBetween(0.30, 0.45);
  }

  @Test
  void codesAreUniqueSlugs() {
    assertThat(codes()).hasSameSizeAs(taxonomy);
    assertThat(codes()).allMatch(code -> code.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    assertThat(taxonomy).noneMatch(row -> row.get("name").isBlank());
  }

  @Test
  void everyParentExistsAndStandsBeforeItsChildren() {
    Set<String> seen = new HashSet<>();
    for (CSVRecord row : taxonomy) {
      if (!row.get("parent").isEmpty()) {
        assertThat(seen).as("parent of %s", row.get("code")).contains(row.get("parent"));
      }
      seen.add(row.get("code"));
    }
  }

  @Test
  void everyLeafIsOnTheThirdLevel() {
    assertThat(leaves()).hasSizeGreaterThanOrEqualTo(150).allMatch(code -> level(code) == 3);
  }

  @Test
  void namesAreUniqueAmongSiblings() {
    assertThat(
            taxonomy.stream()
                .map(row -> row.get("parent") + '/' + row.get("name"))
                .collect(toSet()))
        .hasSameSizeAs(taxonomy);
  }

  @Test
  void everyLeafHasAtLeastFifteenTitles() {
    Map<String, Long> perLeaf = itemsPerCategory();

    assertThat(leaves()).allSatisfy(leaf -> assertThat(perLeaf).containsKey(leaf));
    assertThat(perLeaf)
        .allSatisfy((leaf, count) -> assertThat(count).as(leaf).isGreaterThanOrEqualTo(15L));
  }

  @Test
  void everyItemIsInALeaf() {
    assertThat(leaves()).containsAll(itemsPerCategory().keySet());
  }

  @Test
  void skusAreUniqueAndHaveOneForm() {
    assertThat(items.stream().map(row -> row.get("sku")).collect(toSet())).hasSameSizeAs(items);
    assertThat(items).allMatch(row -> row.get("sku").matches("KS-\\d{4}"));
  }

  @Test
  void titlesAreUniqueWhateverTheirCase() {
    Map<String, Long> perTitle =
        items.stream()
            .collect(groupingBy(row -> row.get("title").toLowerCase(Locale.ROOT), counting()));

    assertThat(perTitle.entrySet()).noneMatch(entry -> entry.getValue() > 1);
  }

  @Test
  void noFieldHasBlanksAtItsEndsOrControlCharacters() {
    assertThat(items)
        .allSatisfy(
            row ->
                assertThat(row.toList())
                    .allMatch(text -> text.equals(text.strip()))
                    .noneMatch(text -> text.chars().anyMatch(Character::isISOControl)));
    assertThat(items).noneMatch(row -> row.get("title").isEmpty());
  }

  @Test
  void everydayTitlesAskForLeavesAndAreNotItemsOfTheCatalog() {
    Set<String> leaves = leaves();
    Set<String> known = items.stream().map(StarterCatalogFilesTest::withoutBrand).collect(toSet());

    assertThat(everyday).hasSizeGreaterThanOrEqualTo(120);
    assertThat(everyday)
        .allSatisfy(
            row -> {
              assertThat(leaves).contains(row.get("category"));
              assertThat(known).doesNotContain(words(row.get("title")));
            });
  }

  private static String withoutBrand(CSVRecord item) {
    String title = item.get("title");
    String brand = item.get("brand");
    return words(
        !brand.isEmpty() && title.startsWith(brand) ? title.substring(brand.length()) : title);
  }

  private static String words(String title) {
    return NOT_A_WORD.matcher(title.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
  }

  private Set<String> codes() {
    return taxonomy.stream().map(row -> row.get("code")).collect(toSet());
  }

  private Set<String> leaves() {
    Set<String> leaves = codes();
    taxonomy.forEach(row -> leaves.remove(row.get("parent")));
    return leaves;
  }

  private int level(String code) {
    Map<String, String> parents =
        taxonomy.stream().collect(toMap(row -> row.get("code"), row -> row.get("parent")));
    int level = 1;
    String parent = parents.get(code);
    while (!parent.isEmpty() && level <= taxonomy.size()) {
      level++;
      parent = parents.get(parent);
    }
    return level;
  }

  private Map<String, Long> itemsPerCategory() {
    return items.stream().collect(groupingBy(row -> row.get("category"), counting()));
  }

  private double share(String column) {
    return items.stream().filter(row -> !row.get(column).isEmpty()).count() / (double) items.size();
  }

  private static String readme() {
    try (InputStream file = open("README.md")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new AssertionError("README.md cannot be read", broken);
    }
  }

  private static List<CSVRecord> rows(String name, String... header) {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader file =
            new InputStreamReader(
                open(name),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT));
        var parser = format.parse(file)) {
      assertThat(parser.getHeaderNames()).containsExactly(header);
      List<CSVRecord> rows = parser.getRecords();
      assertThat(rows).as(name).isNotEmpty().allMatch(CSVRecord::isConsistent);
      return rows;
    } catch (IOException broken) {
      throw new AssertionError(name + " cannot be read", broken);
    }
  }

  private static InputStream open(String name) {
    InputStream file = StarterCatalogFilesTest.class.getResourceAsStream("/starter/" + name);
    assertThat(file).as(name).isNotNull();
    return file;
  }
}
