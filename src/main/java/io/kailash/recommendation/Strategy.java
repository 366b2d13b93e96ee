package io.kailash.recommendation;

import io.kailash.recommendation.model.Source;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which sources are asked. */
public enum Strategy {
  /** All of them, with the weights that the training found. */
  FUSED(EnumSet.allOf(Source.class)),
  /** What people with a similar history went on to. */
  BEHAVIOUR(EnumSet.of(Source.BEHAVIOUR)),
  /** What the graph has around the items. */
  GRAPH(EnumSet.of(Source.GRAPH)),
  /** Items with a similar text. */
  TEXT(EnumSet.of(Source.TEXT)),
  /** What is popular at present, the same for everybody. */
  POPULAR(EnumSet.of(Source.POPULAR));

  private final Set<Source> sources;

  Strategy(Set<Source> sources) {
    this.sources = sources;
  }

  Set<Source> sources() {
    return sources;
  }

  /** As requests and answers write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is written so. */
  public static Optional<Strategy> find(String text) {
    return Arrays.stream(values()).filter(s -> s.text().equals(text)).findFirst();
  }

  /** All of them as they are written. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Strategy::text).toList();
  }
}
