package io.kailash.classification.model;

import java.time.Instant;

/**
 * What is known about a model without using it.
 *
 * @param formatVersion of the file
 * @param trainedAt when the training ended
 * @param treeDigest {@link CategoryTree#digest()} of the categories it was trained on
 * @param trainingDataDigest SHA-256 over all examples used, in their order; 64 hexadecimal digits
 * @param exampleCount examples it learnt from
 * @param skippedExamples examples left out because their category is not in the tree
 * @param categoryCount categories that had at least one example
 * @param structure flat or tree
 * @param featureCount features it knows
 * @param weightCount weights it keeps
 * @param heldOut quality on examples that were not learnt from when it was measured
 */
public record ModelDescription(
    int formatVersion,
    Instant trainedAt,
    String treeDigest,
    String trainingDataDigest,
    long exampleCount,
    long skippedExamples,
    int categoryCount,
    TrainingOptions.Structure structure,
    int featureCount,
    int weightCount,
    QualityReport heldOut) {}
