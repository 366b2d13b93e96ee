package io.kailash.classification.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * Labelled items that can be read more than once, each time in the same order.
 *
 * <p>Training reads the source twice and keeps only numbers, so a source of a million items may
 * read them from a store or a file each time.
 */
@FunctionalInterface
public interface ExampleSource {

  /**
   * Opens the examples from the first one. The caller closes the stream.
   *
   * @return the examples, in the same order at every call
   */
  Stream<Example> open();

  /**
   * A source over examples that are in memory.
   *
   * @param examples the examples
   * @return a source that keeps a copy of the list
   */
  static ExampleSource of(List<Example> examples) {
    List<Example> copy = List.copyOf(examples);
    return copy::stream;
  }
}
