package io.kailash.recommendation;

import io.kailash.platform.Settings;
import io.kailash.recommendation.sources.GraphSource;
import io.kailash.recommendation.sources.TextSource;
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
 * first requests after a start need not wait for the stores. Goes round again for items that are
 * new or had to be left out.
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
  private final int most;
  private String after = "";
  private int read;
  private int rest;

  @Inject
  NeighboursAhead(DataSource database, GraphSource graph, TextSource text, Settings settings) {
    this.database = database;
    this.graph = graph;
    this.text = text;
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
    List<String> skus = next();
    if (!skus.isEmpty()) {
      graph.prepare(skus);
      text.prepare(skus);
      after = skus.get(skus.size() - 1);
      read += skus.size();
    }
    if (skus.size() < AT_ONCE || read >= most || (graph.isFull() && text.isFull())) {
      after = "";
      read = 0;
      rest = REST;
    }
  }

  private List<String> next() {
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
      return skus;
    } catch (SQLException lost) {
      throw new IllegalStateException("the items of the catalog cannot be read", lost);
    }
  }
}
