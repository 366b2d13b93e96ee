package io.kailash.classification;

import io.kailash.platform.LiveFeed;
import io.kailash.platform.Settings;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * Tells those who listen of decisions, as long as somebody does. Of more than {@code
 * kailash.classification.news-per-second} in a second of this instance the further ones are left
 * out, and the next one that is told says how many.
 */
@Singleton
class DecisionNews {
  private final LiveFeed feed;
  private final Taxonomies taxonomies;
  private final Clock clock;
  private final int mostPerSecond;

  // Under this object's lock, which is taken only while somebody listens.
  private long second;
  private int told;
  private long leftOut;

  @Inject
  DecisionNews(LiveFeed feed, Taxonomies taxonomies, Clock clock, Settings settings) {
    this.feed = feed;
    this.taxonomies = taxonomies;
    this.clock = clock;
    mostPerSecond =
        settings.wholeNumber("kailash.classification.news-per-second", 6_000, 1, 1_000_000);
  }

  /**
   * What is told of a decision.
   *
   * @param leftOut decisions of this instance since the last one told that were left out
   */
  record News(
      UUID id,
      Instant at,
      String taxonomy,
      String category,
      double confidence,
      boolean accepted,
      String sku,
      String title,
      long leftOut) {}

  /** Never waits. */
  void tell(Decision decision) {
    if (!feed.wanted(LiveFeed.DECISIONS)) {
      return;
    }
    long before = take();
    if (before < 0) {
      return;
    }
    feed.publish(
        LiveFeed.DECISIONS,
        decision.id().toString(),
        new News(
            decision.id(),
            decision.at(),
            code(decision.taxonomyId()),
            decision.category(),
            Math.rint(decision.confidence() * 1e4) / 1e4,
            decision.accepted(),
            decision.sku(),
            decision.text().title(),
            before));
  }

  private String code(long taxonomyId) {
    for (Taxonomy known : taxonomies.all()) {
      if (known.id() == taxonomyId) {
        return known.code();
      }
    }
    return null;
  }

  /** How many were left out before this one; negative where this one is to be left out as well. */
  private synchronized long take() {
    long now = clock.millis() / 1000;
    if (now != second) {
      second = now;
      told = 0;
    }
    if (told >= mostPerSecond) {
      leftOut++;
      return -1;
    }
    told++;
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
