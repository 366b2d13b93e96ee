/**
 * Puts items into categories, and gets better at it.
 *
 * <p>The way of a request: {@link io.kailash.classification.ClassifyResource} reads and checks it,
 * {@link io.kailash.classification.Classifier} asks the model that {@link
 * io.kailash.classification.ActiveModels} holds in memory, and {@link
 * io.kailash.classification.DecisionLog} takes note, off the request. No store is on that way: with
 * every store down it answers.
 *
 * <p>The way of learning: labels and feedback → {@link io.kailash.classification.Training} (a job)
 * → {@link io.kailash.classification.ModelRegistry} (versioned, immutable, compared with the active
 * model on examples neither has learnt from) → active, here at once and on every other instance
 * within seconds.
 *
 * <p>What must hold: a model file never changes; the active model of a taxonomy is replaced in one
 * step; a worse one is only activated by force, and the audit log says by whom. The learning core
 * itself, {@code classification.model}, knows nothing of all this.
 */
package io.kailash.classification;
