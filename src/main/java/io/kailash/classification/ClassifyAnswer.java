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
public record ClassifyAnswer(
    UUID id,
    String taxonomy,
    NamedCategory category,
    double confidence,
    List<NamedCategory.Rated> levels,
    List<NamedCategory.Rated> alternatives,
    Verdict decision,
    boolean backedOff,
    String modelVersion,
    List<Feature> evidence) {

  /** What spoke for the category, and how much. */
  public record Feature(String feature, String field, double weight) {}

  /** Whether the answer may be taken as it is. */
  public enum Verdict {
    @JsonProperty("accept")
    ACCEPT,
    @JsonProperty("review")
    REVIEW
  }
}
