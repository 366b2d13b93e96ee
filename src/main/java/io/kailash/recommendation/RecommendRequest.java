package io.kailash.recommendation;

import io.kailash.platform.TextRules;
import java.util.List;
import java.util.Map;

/**
 * What is asked for: a user, items, both, or neither for what goes for everybody.
 *
 * @param user whose history counts
 * @param items skus that are being looked at
 * @param limit how many, 1 to 100; 10 where it is left out
 * @param strategy name of a {@link Strategy}; where it is left out an experiment may choose
 * @param taxonomy code of the taxonomy of {@code category}; may be left out where there is only one
 * @param category code; items of it or below it
 * @param attributes each must have this value
 * @param inStock false lets items through that are out of stock
 * @param exclude skus that are not wanted
 * @param explain whether each item tells what its sources gave it
 * @param budgetMillis how long the answer may take, 1 to 2000; JSON {@code budget_ms}
 */
record RecommendRequest(
    String user,
    List<String> items,
    Integer limit,
    String strategy,
    String taxonomy,
    String category,
    Map<String, String> attributes,
    Boolean inStock,
    List<String> exclude,
    Boolean explain,
    @com.fasterxml.jackson.annotation.JsonProperty("budget_ms") Integer budgetMillis) {
  private static final int DEFAULT_LIMIT = 10;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_ITEMS = 50;
  private static final int MAX_EXCLUDED = 1_000;
  private static final int MAX_ATTRIBUTES = 20;
  private static final int MAX_VALUE = 1_000;

  /**
   * The same with nothing left out, if nothing is wrong.
   *
   * @param place of the values, "/" in a body and "?" in an address
   */
  RecommendRequest checked(String place) {
    TextRules rules =
        new TextRules()
            .optional(place + "user", user, InteractionDraft.MAX_NAME)
            .optional(place + "taxonomy", taxonomy, 256)
            .optional(place + "category", category, 256);
    if (user != null && user.isBlank()) {
      rules.violation(place + "user", "is empty");
    }
    texts(rules, place + "items", items, MAX_ITEMS);
    texts(rules, place + "exclude", exclude, MAX_EXCLUDED);
    if (limit != null && (limit < 1 || limit > MAX_LIMIT)) {
      rules.violation(place + "limit", "is not between 1 and " + MAX_LIMIT);
    }
    if (strategy != null && Strategy.find(strategy).isEmpty()) {
      rules.violation(place + "strategy", "is not one of " + Strategy.names());
    }
    if (category == null && taxonomy != null) {
      rules.violation(place + "category", "is missing, though a taxonomy is named");
    }
    if (attributes != null && attributes.size() > MAX_ATTRIBUTES) {
      rules.violation(place + "attributes", "are more than " + MAX_ATTRIBUTES);
    } else if (attributes != null) {
      attributes.forEach(
          (name, value) -> rules.required(place + "attributes/" + name, value, MAX_VALUE));
    }
    if (budgetMillis != null
        && (budgetMillis < 1 || budgetMillis > RecommendationSettings.MAX_BUDGET_MILLIS)) {
      rules.violation(
          place + "budget_ms", "is not between 1 and " + RecommendationSettings.MAX_BUDGET_MILLIS);
    }
    rules.check();
    return new RecommendRequest(
        user,
        items == null ? List.of() : List.copyOf(items),
        limit == null ? DEFAULT_LIMIT : limit,
        strategy,
        taxonomy,
        category,
        attributes == null ? Map.of() : Map.copyOf(attributes),
        !Boolean.FALSE.equals(inStock),
        exclude == null ? List.of() : List.copyOf(exclude),
        Boolean.TRUE.equals(explain),
        budgetMillis);
  }

  private static void texts(TextRules rules, String pointer, List<String> texts, int most) {
    if (texts == null) {
      return;
    }
    if (texts.size() > most) {
      rules.violation(pointer, "has " + texts.size() + " entries; " + most + " are allowed");
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      rules.required(pointer + "/" + i, texts.get(i), InteractionDraft.MAX_NAME);
    }
  }
}
