package io.kailash.recommendation.model;

/**
 * What a training made.
 *
 * @param model learnt from all interactions
 * @param heldOut quality on held-out history; the same as in the model's description
 */
public record TrainedRecommender(RecommenderModel model, RecommenderQuality heldOut) {}
