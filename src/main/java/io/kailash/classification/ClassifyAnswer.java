package io.kailash.classification;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.UUID;

/**
 * Where an item belongs.
 *
 * @param id names this decision; feedback goes to it
 * @param category the deepest category that is sure enough
 * @param confidence calibrated probability, from 0 to 1, that the item belongs into it
 * @param levels confidence of each category on the way to the most probable leaf
 * @param alternatives the most probable categories, most probable first
 * @param decision {@code accept}, or {@code review} where the leaf's confidence is below the
 *     taxonomy's threshold
 * @param backedOff whether {@code category} is above the most probable leaf
 * @param evidence what spoke for the most probable leaf, where that was asked for
 */
record ClassifyAnswer(
    UUID id,
    String taxonomy,
    Place category,
    double confidence,
    List<LevelAnswer> levels,
    List<Alternative> alternatives,
    Verdict decision,
    boolean backedOff,
    String modelVersion,
    List<Feature> evidence) {

  record Place(String code, String name, List<String> path, int level) {}

  record LevelAnswer(int level, String code, String name, double confidence) {}

  record Alternative(String code, String name, List<String> path, double confidence) {}

  record Feature(String feature, String field, double weight) {}

  enum Verdict {
    @JsonProperty("accept")
    ACCEPT,
    @JsonProperty("review")
    REVIEW
  }
}
