package io.kailash.classification;

import io.kailash.classification.model.ClassifierModel;

/**
 * A model in use.
 *
 * @param version as callers see it
 */
record ActiveModel(long id, long taxonomyId, String version, ClassifierModel model) {}
