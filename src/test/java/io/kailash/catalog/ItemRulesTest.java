package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemRulesTest {
  private final ItemRules rules =
      new ItemRules(new CatalogSettings(10, 5, 20, 6, 30, 3, 8, 9, 500, false));

  @Test
  void whatIsNotSaidGetsItsDefault() {
    ItemDraft checked =
        rules.checked(new ItemDraft("a", "t", null, null, null, null, null, null, null));
    assertThat(checked)
        .isEqualTo(new ItemDraft("a", "t", null, null, null, null, Map.of(), true, false));
  }

  @Test
  void whatIsSaidStays() {
    ItemDraft draft =
        new ItemDraft("a", " t ", "", "d\n\t", "s", "HTTPS://x/", Map.of("k", 1L), false, true);
    assertThat(rules.checked(draft)).isEqualTo(draft);
  }

  @Test
  void everyFieldOverItsLimitIsNamed() {
    assertThat(
            pointers(
                new ItemDraft(
                    "s".repeat(129),
                    "t".repeat(11),
                    "b".repeat(6),
                    "d".repeat(21),
                    "c".repeat(7),
                    "http://" + "u".repeat(24),
                    Map.of("name", "v".repeat(10)),
                    true,
                    false)))
        .containsExactly(
            "/sku",
            "/title",
            "/brand",
            "/description",
            "/supplier_category",
            "/url",
            "/attributes/name");
  }

  @Test
  void everyFieldAtItsLimitIsAccepted() {
    ItemDraft draft =
        new ItemDraft(
            "s".repeat(128),
            "t".repeat(10),
            "b".repeat(5),
            "d".repeat(20),
            "c".repeat(6),
            "http://" + "u".repeat(23),
            Map.of("n".repeat(8), "v".repeat(9), "b", 2, "c", true),
            true,
            false);
    assertThat(rules.checked(draft)).isEqualTo(draft);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        ".",
        "..",
        "...",
        "a\\b",
        " a",
        "a ",
        "a\nb",
        "a\u0000b",
        "a\u0085b",
        "\ud83d"
      })
  void aSkuThatCannotStandInAnAddressIsRefused(String sku) {
    assertThat(pointers(ItemDraft.of(sku, "t", null, null))).contains("/sku");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "ä", "棚", "😀", "a%2Fb", "...a", "a;b", "a?b#c", "\"'<>"})
  void anyOtherSkuIsTheCallersOwn(String sku) {
    assertThat(rules.checked(ItemDraft.of(sku, "t", null, null)).sku()).isEqualTo(sku);
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "//host/x", "ftp://x/", "x", ""})
  void aUrlThatIsNoWebAddressIsRefused(String url) {
    assertThat(pointers(new ItemDraft("a", "t", null, null, null, url, null, null, null)))
        .containsExactly("/url");
  }

  @Test
  void attributesAreFlat() {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("a/b~c", List.of(1));
    attributes.put("d", Map.of());
    attributes.put("e", null);
    assertThat(pointers(with(attributes)))
        .containsExactlyInAnyOrder("/attributes/a~1b~0c", "/attributes/d", "/attributes/e");
  }

  @Test
  void aNumberBeyondTheRangeIsRefused() {
    assertThat(pointers(with(Map.of("n", Double.POSITIVE_INFINITY))))
        .containsExactly("/attributes/n");
  }

  @Test
  void anAttributeWhoseNameCannotBeStoredIsNotNamed() {
    for (String name : List.of("\ud83d", "\u0000")) {
      assertThat(pointers(with(Map.of(name, 1)))).containsExactly("/attributes");
    }
    assertThat(pointers(with(Map.of("", 1)))).containsExactly("/attributes/");
  }

  @Test
  void tooManyAttributesAreRefused() {
    assertThat(pointers(with(Map.of("a", 1, "b", 1, "c", 1, "d", 1))))
        .containsExactly("/attributes");
  }

  @Test
  void ofManyDraftsEachOffenderIsNamedByItsIndex() {
    List<ItemDraft> drafts =
        Arrays.asList(
            ItemDraft.of("a", null, null, null),
            ItemDraft.of("b", "fine", null, null),
            ItemDraft.of(null, "fine", "toolong", null));
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> rules.checked(drafts));
    assertThat(refused.problem().errors())
        .extracting(Problem.Violation::pointer)
        .containsExactly("/0/title", "/2/sku", "/2/brand");
  }

  private static ItemDraft with(Map<String, Object> attributes) {
    return new ItemDraft("a", "t", null, null, null, null, attributes, null, null);
  }

  private List<String> pointers(ItemDraft draft) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> rules.checked(draft));
    assertThat(refused).isNotNull();
    assertThat(refused.problem().status()).isEqualTo(422);
    return refused.problem().errors().stream().map(Problem.Violation::pointer).distinct().toList();
  }
}
