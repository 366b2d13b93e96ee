package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void whatWasWrittenIsReadAgain() {
    assertThat(Cursor.read(Cursor.of("a", "\u05E0\uD83D\uDC5F /+?", ""), 3))
        .containsExactly("a", "\u05E0\uD83D\uDC5F /+?", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!!", "YWJj", "\u05E0"})
  void whatIsNotACursorIsRefused(String text) {
    assertThatThrownBy(() -> Cursor.read(text, 2))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("?cursor");
  }
}
