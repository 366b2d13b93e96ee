package io.kailash.projection;

import io.kailash.platform.LiveFeed;
import io.kailash.platform.OutboxEvent;
import io.kailash.platform.ProblemException;
import io.kailash.projection.Tables.ItemState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Changes of items, for those who listen. News, not a store: nothing is rebuilt and nothing can
 * differ. What is told is the state by then, so of several changes at once the last is told; what
 * was told in the moment of a crash is told again, with the same version.
 */
@Singleton
class LiveProjector implements Projector {
  private final LiveFeed feed;
  private final Tables tables;

  @Inject
  LiveProjector(LiveFeed feed, Tables tables) {
    this.feed = feed;
    this.tables = tables;
  }

  /** An item as it is after a change; of a removed one only sku and version are told. */
  record ItemNews(
      String sku,
      long version,
      boolean removed,
      String title,
      String brand,
      Boolean hidden,
      Boolean inStock,
      List<String> categories) {}

  @Override
  public String target() {
    return "live";
  }

  @Override
  public Optional<String> store() {
    return Optional.of("redis");
  }

  @Override
  public boolean prepare() {
    return false;
  }

  @Override
  public void apply(List<OutboxEvent> events) {
    Map<String, OutboxEvent> changed = new LinkedHashMap<>();
    for (OutboxEvent event : events) {
      if (event.kind().equals("item")) {
        changed.put(event.key(), event);
      }
    }
    if (changed.isEmpty()) {
      return;
    }
    Map<String, ItemState> states = new HashMap<>();
    tables.items(changed.keySet()).forEach(state -> states.put(state.sku(), state));
    List<LiveFeed.News> news = new ArrayList<>(changed.size());
    for (OutboxEvent event : changed.values()) {
      news.add(
          new LiveFeed.News(LiveFeed.ITEMS, event.key(), news(event, states.get(event.key()))));
    }
    try {
      feed.carry(news);
    } catch (JedisDataException refused) {
      throw refused;
    } catch (JedisException lost) {
      throw new TargetDownException("Redis cannot be reached", lost);
    }
  }

  private static ItemNews news(OutboxEvent event, ItemState state) {
    if (state == null || state.deleted()) {
      long version = state == null ? event.version() : state.version();
      return new ItemNews(event.key(), version, true, null, null, null, null, null);
    }
    return new ItemNews(
        state.sku(),
        state.version(),
        false,
        state.title(),
        state.brand(),
        state.hidden(),
        state.inStock(),
        state.categories());
  }

  @Override
  public void rebuild(Turns turns) {
    // There is nothing to be built.
  }

  @Override
  public List<Comparison> differences(int wanted) {
    throw ProblemException.notFound("check of target", target());
  }
}
