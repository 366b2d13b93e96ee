/**
 * Compares strategies on real users: each user stays in one arm, results come with intervals, and
 * an experiment ends by itself when it is clear.
 */
package io.kailash.recommendation.experiments;
