package io.kailash.taxonomy;

import io.kailash.platform.InvalidSettingException;
import io.kailash.platform.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of this room.
 *
 * @param defaultCode {@code kailash.taxonomy.default}: the taxonomy of a caller who names none;
 *     without it the only one there is
 * @param refresh {@code kailash.taxonomy.refresh}, 5s: how soon a change made by another instance
 *     counts here
 * @param reviewThreshold {@code kailash.taxonomy.review-threshold}, 0.7: of a new taxonomy
 * @param limits {@code kailash.taxonomy.max-categories} 200000, {@code max-levels} 20, {@code
 *     max-code-length} 200, {@code max-name-length} 500, {@code max-line-length} 65536
 */
record TaxonomySettings(
    Optional<String> defaultCode, Duration refresh, double reviewThreshold, ImportLimits limits) {

  static TaxonomySettings read(Settings settings) {
    Optional<String> defaultCode = settings.optional("kailash.taxonomy.default");
    defaultCode.ifPresent(
        code -> {
          if (!Taxonomies.isCode(code)) {
            throw new InvalidSettingException(
                "kailash.taxonomy.default", "'" + code + "' " + Taxonomies.CODE_RULE, null);
          }
        });
    return new TaxonomySettings(
        defaultCode,
        settings.duration("kailash.taxonomy.refresh", Duration.ofSeconds(5)),
        settings.share("kailash.taxonomy.review-threshold", 0.7),
        new ImportLimits(
            settings.wholeNumber("kailash.taxonomy.max-categories", 200_000, 1, 10_000_000),
            settings.wholeNumber("kailash.taxonomy.max-levels", 20, 1, 1000),
            settings.wholeNumber("kailash.taxonomy.max-code-length", 200, 1, 1000),
            settings.wholeNumber("kailash.taxonomy.max-name-length", 500, 1, 10_000),
            settings.wholeNumber("kailash.taxonomy.max-line-length", 65_536, 1000, 16 << 20)));
  }
}
