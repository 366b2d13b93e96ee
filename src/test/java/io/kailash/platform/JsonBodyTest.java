package io.kailash.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodyTest {
  record Inner(String deepName, Integer count) {}

  record Body(String title, Boolean explain, List<Inner> parts) {}

  private static Problem refusal(String json) {
    JsonProcessingException wrong =
        catchThrowableOfType(
            JsonProcessingException.class, () -> Json.MAPPER.readValue(json, Body.class));
    assertThat(wrong).as("%s must be refused", json).isNotNull();
    return JsonBody.refusal(wrong).problem();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"title\": 5}                                   | /title            | is not a text",
        "{\"title\": [\"a\"]}                             | /title            | is not a text",
        "{\"title\": {\"a\":1}}                           | /title            | is not a text",
        "{\"explain\": \"yes\"}                           | /explain          | is not true or false",
        "{\"parts\": {}}                                  | /parts            | is not a list",
        "{\"parts\": [{\"deep_name\":\"a\"}, {\"count\":\"x\"}]} | /parts/1/count    | is not a number",
        "{\"parts\": [{\"count\": 1.5}]}                  | /parts/0/count    | ",
        "{\"titel\": \"x\"}                               | /titel            | is not a known field",
        "{\"parts\": [{\"a/b~c\": 1}]}                    | /parts/0/a~1b~0c  | is not a known field"
      })
  void aWrongFieldIsNamedByItsPointer(String json, String pointer, String detail) {
    Problem problem = refusal(json);
    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.errors()).hasSize(1);
    assertThat(problem.errors().get(0).pointer()).isEqualTo(pointer);
    if (detail != null) {
      assertThat(problem.errors().get(0).detail()).startsWith(detail);
    }
  }

  @Test
  void whatIsNotJsonIsToldWithLineAndColumn() {
    assertThat(refusal("{\"title\":\n  \"x\",,}").detail())
        .isEqualTo("the body is not JSON (line 2, column 7)");
    assertThat(refusal("{\"title\": \"x").detail()).startsWith("the body is not JSON");
    assertThat(refusal("{\"title\": \"x\"} trailing").detail()).startsWith("the body is not JSON");
  }

  @Test
  void aRepeatedFieldIsRefused() {
    assertThat(refusal("{\"title\": \"a\", \"title\": \"b\"}").detail()).contains("repeated field");
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "{\"parts\":" + "[".repeat(40) + "]".repeat(40) + "}";
    assertThat(refusal(deep).status()).isEqualTo(400);
    String deepUnknown = "{\"x\":" + "{\"a\":".repeat(40) + "1" + "}".repeat(40) + "}";
    assertThat(refusal(deepUnknown).status()).isEqualTo(400);
  }

  @Test
  void noRefusalNamesAClass() {
    for (String json : new String[] {"{\"title\": 5}", "[]", "5", "{\"parts\": 1}", "{\"x\":1}"}) {
      assertThat(refusal(json).toString()).doesNotContain("io.kailash", "java.", "jackson");
    }
  }
}
