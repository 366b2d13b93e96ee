package io.kailash.recommendation.model;

/** One interaction. */
public record Interaction(String user, String item, Kind kind, float value, long atMillis) {}
