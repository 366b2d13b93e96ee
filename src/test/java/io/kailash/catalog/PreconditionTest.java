package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.platform.ProblemException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionTest {
  @Test
  void withoutHeadersNothingIsStated() {
    assertThat(Precondition.of(null, null)).isEqualTo(Precondition.UNSTATED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", " * "})
  void aStarMatchesAnyVersion(String star) {
    assertThat(Precondition.of(star, null)).isEqualTo(Precondition.ANY_VERSION);
    assertThat(Precondition.of(null, star)).isEqualTo(Precondition.ABSENT);
  }

  @Test
  void everyStrongTagOfTheListCounts() {
    assertThat(Precondition.of("\"3\" , \"12\"", null))
        .isEqualTo(new Precondition.OneOf(Set.of(3L, 12L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "W/\"3\"",
        "\"x\"",
        "\"0\"",
        "\"03\"",
        "\"\"",
        "\"99999999999999999999\"",
        "\"-3\"",
        ""
      })
  void weakAndForeignTagsMatchNoVersion(String tag) {
    assertThat(Precondition.of(tag, null)).isEqualTo(new Precondition.OneOf(Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "\"3", "3\"", "\"3\" \"4\"", "w/\"3\"", "\"3\", *", "\"a b\"", " "})
  void whatIsNotAListOfTagsIsRefused(String header) {
    assertThatThrownBy(() -> Precondition.of(header, null))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> assertThat(refusal.problem().status()).isEqualTo(400));
  }

  @Test
  void aChangeMayOnlyAskThatNothingIsThereYet() {
    assertThatThrownBy(() -> Precondition.of(null, "\"3\"")).hasMessageContaining("If-None-Match");
    assertThatThrownBy(() -> Precondition.of("\"3\"", "*")).hasMessageContaining("contradict");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"3\"|3|true",
        "W/\"3\"|3|true",
        "\"2\", \"3\"|3|true",
        "*|3|true",
        "\"2\"|3|false",
        "\"33\"|3|false",
      })
  void aReadKnowsTheVersionItNames(String header, long version, boolean known) {
    assertThat(Precondition.isKnown(header, version)).isEqualTo(known);
  }

  @Test
  void aReadThatNamesNothingKnowsNothing() {
    assertThat(Precondition.isKnown(null, 1)).isFalse();
  }
}
