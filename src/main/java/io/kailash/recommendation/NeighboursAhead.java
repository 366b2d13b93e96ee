package io.kailash.recommendation;

import io.kailash.platform.Settings;
import io.kailash.recommendation.sources.GraphSource;
import io.kailash.recommendation.sources.NeighbourSource;
import io.kailash.recommendation.sources.TextSource;
import io.kailash.recommendation.training.ActiveRecommender;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Reads the neighbours of the catalog's items before somebody asks, a few at a time, so that the
 * first requests after a start need not wait for the stores. Begins with items that people have
 * turned to, as the model knows them: they are what histories are made of, and the memory may not
 * hold a large catalog. Goes round again for items that are new or had to be left out.
 *
 * <p>Setting {@code kailash.recommendation.neighbours-ahead}: of how many items at most; 0 for
 * none. Ends where the memory for them is taken.
 */
@Singleton
class NeighboursAhead {
  private static final int AT_ONCE = 40;

  private static final int MANY = 10_000_000;

  /** Turns without work after each round. */
  private static final int REST = 6_000;

  private final DataSource database;
  private final GraphSource graph;
  private final TextSource text;
  private final ActiveRecommender active;
  private final int most;
  private int learnt;
  private String after = "";
  private int read;
  private int rest;

  @Inject
  NeighboursAhead(
      DataSource database,
      GraphSource graph,
      TextSource text,
      ActiveRecommender active,
      Settings settings) {
    this.database = database;
    this.graph = graph;
    this.text = text;
    this.active = active;
    most = settings.wholeNumber("kailash.recommendation.neighbours-ahead", MANY, 0, MANY);
  }

  /** One small step; called again and again, never twice at once. */
  void step() {
    if (most == 0) {
      return;
    }
    if (rest > 0) {
      rest--;
      return;
    }
    List<String> skus = nextLearnt();
    boolean last = false;
    if (skus.isEmpty()) {
      skus = nextOfCatalog();
      last = skus.size() < AT_ONCE;
    }
    boolean room = prepare(graph, skus) | prepare(text, skus);
    read += skus.size();
    if (last || !room || read >= most) {
      learnt = 0;
      after = "";
      read = 0;
      rest = REST;
    }
  }

  /** Returns whether there was room; where there is none, reading would drive others out. */
  private static boolean prepare(NeighbourSource source, List<String> skus) {
    if (source.isFull()) {
      return false;
    }
    source.prepare(skus);
    return true;
  }

  private List<String> nextLearnt() {
    List<String> items = active.find().map(found -> found.model().items()).orElse(List.of());
    int from = Math.min(learnt, items.size());
    learnt = Math.min(from + AT_ONCE, items.size());
    return items.subList(from, learnt);
  }

  private List<String> nextOfCatalog() {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select sku from item where sku > ? order by sku limit ?")) {
      select.setString(1, after);
      select.setInt(2, AT_ONCE);
      List<String> skus = new ArrayList<>(AT_ONCE);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          skus.add(rows.getString(1));
        }
      }
      after = skus.isEmpty() ? after : skus.get(skus.size() - 1);
      return skus;
    } catch (SQLException lost) {
      throw new IllegalStateException("the items of the catalog cannot be read", lost);
    }
  }
}
