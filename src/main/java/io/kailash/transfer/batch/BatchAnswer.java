package io.kailash.transfer.batch;

import io.kailash.classification.ClassifyAnswer;
import io.kailash.platform.Problem;

/**
 * What became of one item.
 *
 * @param line number of its line, or of the element of the array, from 1
 * @param ref the caller's own reference, where the item had one
 * @param sku where the item had one
 * @param classification absent where there is a problem
 */
record BatchAnswer(
    long line, String ref, String sku, ClassifyAnswer classification, Problem problem) {}
