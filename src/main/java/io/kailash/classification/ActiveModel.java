package io.kailash.classification;

import io.kailash.classification.model.ClassifierModel;

/**
 * A model in use.
 *
 * @param version as callers see it
 * @param names what answers tell of its categories
 */
record ActiveModel(
    long id, long taxonomyId, String version, ClassifierModel model, CategoryNames names) {

  ActiveModel(long id, long taxonomyId, String version, ClassifierModel model) {
    this(id, taxonomyId, version, model, new CategoryNames(model.tree()));
  }
}
