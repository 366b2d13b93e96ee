package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {

  @Test
  void answerIsToldByPathAndConfidence() throws IOException {
    assertThat(
            FirstAnswer.inShort(
                """
                {"category": {"code": "b", "name": "Bottles", "path": ["Kitchen", "Bottles"]},
                 "confidence": 0.934}
                """))
        .isEqualTo("Kitchen > Bottles (confidence 0.93)");
  }

  @Test
  void problemIsToldByItsDetail() throws IOException {
    assertThat(FirstAnswer.inShort("{\"status\": 409, \"detail\": \"no model yet\"}"))
        .isEqualTo("no model yet");
  }
}
