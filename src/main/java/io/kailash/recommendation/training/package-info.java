/**
 * Trains recommenders, keeps them, and says which one is in use.
 *
 * <p>Interactions → {@link io.kailash.recommendation.training.RecommenderTraining} (a job) → {@link
 * io.kailash.recommendation.training.RecommenderRegistry} (versioned, immutable, judged on held-out
 * history) → {@link io.kailash.recommendation.training.ActiveRecommender}, here at once and on
 * every other instance within seconds.
 */
package io.kailash.recommendation.training;
