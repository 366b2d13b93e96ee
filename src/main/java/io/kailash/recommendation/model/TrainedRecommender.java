package io.kailash.recommendation.model;

/** What a training made. */
public record TrainedRecommender(RecommenderModel model, RecommenderQuality heldOut) {}
