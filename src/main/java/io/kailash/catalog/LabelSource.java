package io.kailash.catalog;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a label came to be. */
public enum LabelSource {
  /** Somebody set it. */
  EDITOR,
  /** Somebody confirmed or corrected a classification. */
  FEEDBACK,
  /** It came with a file. */
  IMPORT,
  /** It came with the sample that fills an empty service. */
  SAMPLE;

  /** Lower case, as in JSON and in the database. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static LabelSource of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
