package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "emoji \uD83D\uDC5F",
        "\u05E0\u05E2\u05DC\u05D9 \u05E8\u05D9\u05E6\u05D4",
        "tab\tand\u0001control",
        "\uD83D\uDE00\uD83D\uDE00"
      })
  void everyStorableTextIsAccepted(String text) {
    new TextRules().required("/title", text, 100).check();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"high \uD83D", "\uD83D high then text", "\uDC5F low", "\uDC5F\uD83D swapped"})
  void anUnpairedSurrogateIsRefused(String text) {
    assertThatThrownBy(() -> new TextRules().required("/title", text, 100).check())
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("/title has an unpaired surrogate");
  }

  @Test
  void theCharacterZeroIsRefusedWithItsPosition() {
    assertThatThrownBy(() -> new TextRules().optional("/brand", "ab\u0000c", 100).check())
        .hasMessageContaining("/brand has the character U+0000 at position 2");
  }

  @Test
  void theLimitItselfIsAllowedAndOneMoreIsNot() {
    new TextRules().required("/title", "x".repeat(10), 10).check();
    assertThatThrownBy(() -> new TextRules().required("/title", "x".repeat(11), 10).check())
        .hasMessageContaining("has 11 characters; 10 are allowed");
  }

  @Test
  void everyOffendingFieldIsNamedAtOnce() {
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                new TextRules()
                    .required("/title", null, 10)
                    .required("/sku", "  ", 10)
                    .optional("/brand", "x".repeat(11), 10)
                    .check());
    assertThat(refused.problem().status()).isEqualTo(422);
    assertThat(refused.problem().errors())
        .extracting(Problem.Violation::pointer)
        .containsExactly("/title", "/sku", "/brand");
  }

  @Test
  void anAbsentOptionalTextIsFine() {
    new TextRules().optional("/brand", null, 10).check();
  }
}
