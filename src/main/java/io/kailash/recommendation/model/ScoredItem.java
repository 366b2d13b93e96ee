package io.kailash.recommendation.model;

/** A recommended item; {@code because} is the item of the history that speaks most for it. */
public record ScoredItem(String item, double score, String because) {}
