package io.kailash.classification.model;

/**
 * What a training made.
 *
 * @param model learnt from all examples
 * @param heldOut quality measured on held-out examples; the same as in the model's description
 */
public record TrainedModel(ClassifierModel model, QualityReport heldOut) {}
