package io.kailash.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CategoriesTest {
  private static final Categories CATEGORIES =
      Categories.of(
          List.of(
              new CategoryRow("k", "Kitchen", "h"),
              new CategoryRow("h", "Home", null),
              new CategoryRow("kn", "Knives", "k"),
              new CategoryRow("t", "Toys", null),
              new CategoryRow("tk", "Toy Kitchens", "t")));

  @Test
  void childrenAreInFileOrderAndRootsAreTheChildrenOfNothing() {
    assertThat(CATEGORIES.children(null)).extracting(Category::code).containsExactly("h", "t");
    assertThat(CATEGORIES.children("h")).extracting(Category::code).containsExactly("k");
    assertThat(CATEGORIES.children("kn")).isEmpty();
    assertThat(CATEGORIES.children("unknown")).isEmpty();
  }

  @Test
  void countsAreOfLeavesLevelsAndAll() {
    assertThat(CATEGORIES.size()).isEqualTo(5);
    assertThat(CATEGORIES.leaves()).isEqualTo(2);
    assertThat(CATEGORIES.perLevel()).containsExactly(2, 2, 1);
  }

  @Test
  void searchWantsEveryWordInThePathAndOneInTheName() {
    assertThat(CATEGORIES.search("kitchen")).extracting(Category::code).containsExactly("k", "tk");
    assertThat(CATEGORIES.search("HOME knives")).extracting(Category::code).containsExactly("kn");
    assertThat(CATEGORIES.search("home kitchen")).extracting(Category::code).containsExactly("k");
    assertThat(CATEGORIES.search(" TK ")).extracting(Category::code).containsExactly("tk");
    assertThat(CATEGORIES.search("spoon")).isEmpty();
  }

  @Test
  void anythingThatIsNoTreeIsRefused() {
    assertThatThrownBy(() -> Categories.of(List.of(new CategoryRow("a", "A", "b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no parent b");
    assertThatThrownBy(
            () ->
                Categories.of(
                    List.of(new CategoryRow("a", "A", null), new CategoryRow("a", "B", null))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("repeated code a");
    assertThatThrownBy(
            () ->
                Categories.of(
                    List.of(new CategoryRow("a", "A", "b"), new CategoryRow("b", "B", "a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loop");
  }

  @Test
  void copyEscapesWhatPostgresWouldTakeForStructure() throws Exception {
    Categories categories =
        Categories.of(
            List.of(
                new CategoryRow("a\\b", "say \"hi\"", null),
                new CategoryRow("{c},NULL", "x, \\y", "a\\b")));
    StringWriter written = new StringWriter();

    new CategoryCopy(7, 2, categories).transferTo(written);

    assertThat(written.toString().split("\n"))
        .containsExactly(
            "7\t2\t0\ta\\\\b\tsay \"hi\"\t\\N\t{\"say \\\\\"hi\\\\\"\"}\t1\tf",
            "7\t2\t1\t{c},NULL\tx, \\\\y\ta\\\\b\t{\"say \\\\\"hi\\\\\"\",\"x, \\\\\\\\y\"}\t2\tt");
  }
}
