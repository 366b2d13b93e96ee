package io.kailash.similarity;

import java.util.regex.Pattern;

/** What a collection may be called, so that every store takes it and no name leaves a folder. */
final class CollectionName {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{1,98}[a-z0-9]");

  private CollectionName() {}

  /** Refuses any other name. */
  static String check(String name) {
    if (!ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of a collection");
    }
    return name;
  }
}
