package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemEditorTest {
  /** Without any store: whoever asks one fails. */
  private final ItemEditor editor =
      new ItemEditor(
          new ItemRules(new CatalogSettings(10, 5, 20, 6, 30, 3, 8, 9, 500, false)),
          null,
          null,
          null,
          null,
          null,
          null);

  @Test
  void aBulkWithARepeatedSkuIsRefusedBeforeAnyStoreIsAsked() {
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                editor.upsertAll(
                    "test",
                    List.of(
                        ItemDraft.of("a", "One", null, null),
                        ItemDraft.of("b", "Two", null, null),
                        ItemDraft.of("a", "Three", null, null))));
    assertThat(refused.problem().errors())
        .containsExactly(new Problem.Violation("/2/sku", "is the same as that of /0"));
  }

  @Test
  void anEmptyBulkAsksNobody() {
    assertThat(editor.upsertAll("test", List.of())).isEqualTo(new BulkResult(0, 0));
  }
}
