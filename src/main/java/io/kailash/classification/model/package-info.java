/**
 * The learning core: learns from labelled items which category of a tree an item belongs to, and
 * answers that question for new items.
 *
 * <p>Why it exists apart from the rest of {@code classification}: it is plain Java without any
 * container or store, so that it can be used as a library, measured by a benchmark and run on
 * another machine with the same model file.
 *
 * <p>The way through it: {@link io.kailash.classification.model.Trainer} reads {@link
 * io.kailash.classification.model.Example examples} from an {@link
 * io.kailash.classification.model.ExampleSource} and makes a {@link
 * io.kailash.classification.model.ClassifierModel}; that one answers with a {@link
 * io.kailash.classification.model.Prediction}; {@link io.kailash.classification.model.Evaluation}
 * measures it and {@link io.kailash.classification.model.ModelComparison} tells whether one model
 * is worse than another.
 *
 * <p>What must hold: a model is immutable and safe for any number of threads; the same examples in
 * the same order, options and clock give the same bytes; a damaged file is refused whole; the work
 * for an answer grows with the features of the item, not with categories times vocabulary.
 */
package io.kailash.classification.model;
