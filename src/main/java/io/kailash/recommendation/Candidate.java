package io.kailash.recommendation;

import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Found.Why;
import java.util.Map;

/**
 * An item that may be recommended.
 *
 * @param score fused, larger is better
 * @param because the item that speaks for it; null where none does
 * @param why what connects the two; null where nobody knows
 * @param leading the source that adds most to it
 * @param scores what each source gave it
 */
record Candidate(
    String sku,
    double score,
    String because,
    Why why,
    Source leading,
    Map<Source, Double> scores) {}
