package io.kailash.recommendation.model;

/** Quality on held-out history. */
public record RecommenderQuality(double recallAt20, double ndcgAt10, long users) {}
