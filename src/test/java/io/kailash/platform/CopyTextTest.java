package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyTextTest {
  @Test
  void separatorsAndBackslashesInValuesAreEscaped() {
    CopyText rows = new CopyText();
    rows.value("a\tb").value("c\nd\re").value("f\\N").end();
    assertThat(rows.toString()).isEqualTo("a\\tb\tc\\nd\\re\tf\\\\N\n");
  }

  @Test
  void anAbsentValueIsNullAndAnEmptyOneIsNot() {
    CopyText rows = new CopyText();
    rows.value((String) null).value("").value(7L).end();
    assertThat(rows.toString()).isEqualTo("\\N\t\t7\n");
  }
}
