package io.kailash.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.classification.model.ItemText;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static long hash(String title, String brand, String description) {
    return new Decision(
            new UUID(0, 1),
            Instant.EPOCH,
            1,
            1,
            "c",
            0.5,
            "c",
            0.5,
            true,
            0.1,
            null,
            new ItemText(title, brand, description, null, null))
        .textHash();
  }

  @Test
  void caseAndOuterWhiteSpaceDoNotMakeAnotherText() {
    assertThat(hash(" Desk LAMP", "Lumo", null)).isEqualTo(hash("desk lamp ", "LUMO", ""));
  }

  @Test
  void theSameWordsInOtherFieldsAreAnotherText() {
    assertThat(hash("desk", "lamp", null)).isNotEqualTo(hash("desk lamp", null, null));
    assertThat(hash("desk", "lamp", null)).isNotEqualTo(hash("desk", null, "lamp"));
  }
}
