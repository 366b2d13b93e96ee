package io.kailash.catalog;

import io.kailash.platform.Settings;

/**
 * How much an item may hold, and whether an empty service starts with the sample. Characters are
 * UTF-16 units.
 *
 * @param maxTitleChars {@code kailash.catalog.max-title-chars}
 * @param maxBrandChars {@code kailash.catalog.max-brand-chars}
 * @param maxDescriptionChars {@code kailash.catalog.max-description-chars}; search sees the first
 *     20 000
 * @param maxSupplierCategoryChars {@code kailash.catalog.max-supplier-category-chars}
 * @param maxUrlChars {@code kailash.catalog.max-url-chars}
 * @param maxAttributes how many, {@code kailash.catalog.max-attributes}
 * @param maxAttributeNameChars {@code kailash.catalog.max-attribute-name-chars}; JSON as a whole
 *     allows 200
 * @param maxAttributeValueChars {@code kailash.catalog.max-attribute-value-chars}
 * @param maxQueryChars of a text to search for, {@code kailash.catalog.max-query-chars}
 * @param starter {@code kailash.starter}
 */
public record CatalogSettings(
    int maxTitleChars,
    int maxBrandChars,
    int maxDescriptionChars,
    int maxSupplierCategoryChars,
    int maxUrlChars,
    int maxAttributes,
    int maxAttributeNameChars,
    int maxAttributeValueChars,
    int maxQueryChars,
    boolean starter) {

  /** Reads them; a wrong value names itself. */
  public static CatalogSettings read(Settings settings) {
    return new CatalogSettings(
        settings.wholeNumber("kailash.catalog.max-title-chars", 1000, 1, 10_000),
        settings.wholeNumber("kailash.catalog.max-brand-chars", 200, 1, 2000),
        settings.wholeNumber("kailash.catalog.max-description-chars", 20_000, 0, 1_000_000),
        settings.wholeNumber("kailash.catalog.max-supplier-category-chars", 1000, 0, 10_000),
        settings.wholeNumber("kailash.catalog.max-url-chars", 2000, 0, 10_000),
        settings.wholeNumber("kailash.catalog.max-attributes", 100, 0, 10_000),
        settings.wholeNumber("kailash.catalog.max-attribute-name-chars", 100, 1, 200),
        settings.wholeNumber("kailash.catalog.max-attribute-value-chars", 1000, 0, 100_000),
        settings.wholeNumber("kailash.catalog.max-query-chars", 500, 1, 10_000),
        settings.flag("kailash.starter", true));
  }
}
