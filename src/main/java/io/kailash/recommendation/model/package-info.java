/** The learning core of the recommender; a placeholder with the agreed shapes until it lands. */
package io.kailash.recommendation.model;
