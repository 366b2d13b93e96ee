package io.kailash.classification.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CategoryTreeTest {

  private static CategoryTree.Category category(String code, String name, String parent) {
    return new CategoryTree.Category(code, name, parent);
  }

  private static final List<CategoryTree.Category> CATEGORIES =
      List.of(
          category("c", "Cups", "k"),
          category("k", "Kitchen", null),
          category("p", "Pans", "k"),
          category("g", "Garden", null));

  @Test
  void pathsAndLevelsRunFromTheRoot() {
    CategoryTree tree = CategoryTree.of(CATEGORIES);
    assertThat(tree.path("c")).containsExactly("Kitchen", "Cups");
    assertThat(tree.pathCodes("c")).containsExactly("k", "c");
    assertThat(tree.level("k")).isEqualTo(1);
    assertThat(tree.level("c")).isEqualTo(2);
    assertThat(tree.parent("c")).contains("k");
    assertThat(tree.parent("k")).isEmpty();
    assertThat(tree.children("k")).containsExactly("c", "p");
    assertThat(tree.roots()).containsExactly("g", "k");
    assertThat(tree.leaves()).containsExactly("c", "g", "p");
  }

  @Test
  void theDigestDependsOnContentAndNotOnOrder() {
    CategoryTree tree = CategoryTree.of(CATEGORIES);
    CategoryTree reordered =
        CategoryTree.of(
            List.of(CATEGORIES.get(3), CATEGORIES.get(2), CATEGORIES.get(1), CATEGORIES.get(0)));
    CategoryTree renamed =
        CategoryTree.of(
            List.of(
                CATEGORIES.get(0),
                CATEGORIES.get(1),
                CATEGORIES.get(2),
                category("g", "Gardens", null)));
    assertThat(reordered.digest()).isEqualTo(tree.digest()).hasSize(64);
    assertThat(renamed.digest()).isNotEqualTo(tree.digest());
  }

  @Test
  void aCodeGivenTwiceAMissingParentAndALoopAreRefusedByName() {
    assertThatThrownBy(
            () -> CategoryTree.of(List.of(category("a", "A", null), category("a", "B", null))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice: a");
    assertThatThrownBy(() -> CategoryTree.of(List.of(category("a", "A", "zz"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zz");
    assertThatThrownBy(
            () -> CategoryTree.of(List.of(category("a", "A", "b"), category("b", "B", "a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loop");
    assertThatThrownBy(() -> CategoryTree.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownCodeIsNamed() {
    assertThatThrownBy(() -> CategoryTree.of(CATEGORIES).path("nothing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing");
  }
}
