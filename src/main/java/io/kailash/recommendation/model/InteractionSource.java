package io.kailash.recommendation.model;

import java.util.function.Consumer;

/** Interactions that may be read several times. */
public interface InteractionSource {
  void forEach(Consumer<Interaction> consumer);
}
