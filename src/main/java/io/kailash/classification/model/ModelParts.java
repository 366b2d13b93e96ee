package io.kailash.classification.model;

/**
 * Everything a model consists of.
 *
 * @param classes tree index of each class
 * @param classCounts examples of each class
 * @param blockWeights see {@link ItemVectors}
 * @param innerWeight see {@link ClassProbabilities}
 */
record ModelParts(
    ModelDescription description,
    CategoryTree tree,
    int[] classes,
    int[] classCounts,
    LabelTree labelTree,
    Vocabulary vocabulary,
    LinearWeights weights,
    float[] blockWeights,
    float innerWeight,
    float temperature,
    IsotonicCalibration calibration,
    int beamWidth,
    double backOffThreshold,
    int maxTextChars,
    int maxDescriptionChars) {

  boolean flat() {
    return description.structure() == TrainingOptions.Structure.FLAT;
  }

  ModelParts withCalibration(IsotonicCalibration other) {
    return new ModelParts(
        description,
        tree,
        classes,
        classCounts,
        labelTree,
        vocabulary,
        weights,
        blockWeights,
        innerWeight,
        temperature,
        other,
        beamWidth,
        backOffThreshold,
        maxTextChars,
        maxDescriptionChars);
  }

  Scorer scorer() {
    return new Scorer(
        weights,
        new ItemVectors(
            new FeatureReader(maxTextChars, maxDescriptionChars), vocabulary, blockWeights),
        new ClassProbabilities(labelTree, flat(), innerWeight, beamWidth));
  }
}
