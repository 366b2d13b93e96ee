package io.kailash.taxonomy;

/**
 * How large a taxonomy may be.
 *
 * @param maxLevels depth of the deepest category
 * @param maxCodeLength in UTF-16 units
 * @param maxNameLength in UTF-16 units
 * @param maxLineLength of a line, a field or a text in a file, in UTF-16 units; bounds the memory
 *     that reading takes
 */
record ImportLimits(
    int maxCategories, int maxLevels, int maxCodeLength, int maxNameLength, int maxLineLength) {}
