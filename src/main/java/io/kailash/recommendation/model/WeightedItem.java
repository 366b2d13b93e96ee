package io.kailash.recommendation.model;

/** An item and how much it counts. */
public record WeightedItem(String item, double weight) {}
