package io.kailash.recommendation.model;

import java.util.List;
import java.util.function.Consumer;

/**
 * Interactions that can be read more than once. Their order does not matter: training puts them in
 * an order of its own.
 */
@FunctionalInterface
public interface InteractionSource {

  /**
   * Hands over every interaction.
   *
   * @param reader called once for each, by the calling thread
   */
  void forEach(Consumer<Interaction> reader);

  /**
   * A source over interactions that are in memory.
   *
   * @param interactions the interactions
   * @return a source that keeps a copy of the list
   */
  static InteractionSource of(List<Interaction> interactions) {
    List<Interaction> copy = List.copyOf(interactions);
    return copy::forEach;
  }
}
