package io.kailash.projection;

import io.kailash.platform.Neo4j;
import io.kailash.platform.StoreTimings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.neo4j.driver.Query;
import org.neo4j.driver.Record;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.async.AsyncSession;
import org.neo4j.driver.async.ResultCursor;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.SecurityException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.summary.ResultSummary;

/**
 * Statements in Neo4j that end in time. The driver's blocking sessions would wait for a server that
 * vanished without a word for as long as the network lets them.
 */
final class Graph {
  private static final String STORE = "neo4j";

  private final Neo4j neo4j;
  private final StoreTimings timings;
  private final Duration timeout;

  Graph(Neo4j neo4j, StoreTimings timings, Duration timeout) {
    this.neo4j = neo4j;
    this.timings = timings;
    this.timeout = timeout;
  }

  static Query query(String cypher, Object... namesAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Query(cypher, values);
  }

  /** Runs all in one transaction, one after another; all or nothing. */
  void write(List<Query> queries) {
    if (queries.isEmpty()) {
      return;
    }
    TransactionConfig limit = TransactionConfig.builder().withTimeout(timeout).build();
    inTime(
        "project",
        session ->
            session.executeWriteAsync(
                transaction -> {
                  CompletionStage<ResultSummary> done = CompletableFuture.completedFuture(null);
                  for (Query query : queries) {
                    done =
                        done.thenCompose(
                            before ->
                                transaction
                                    .runAsync(query)
                                    .thenCompose(ResultCursor::consumeAsync));
                  }
                  return done;
                },
                limit));
  }

  /** Runs one statement by itself, as statements that change the schema want it. */
  void alone(String cypher) {
    inTime("schema", session -> session.runAsync(cypher).thenCompose(ResultCursor::consumeAsync));
  }

  /** Reads all rows. */
  List<Record> read(String operation, Query query) {
    return inTime(
        operation,
        session ->
            session.executeReadAsync(
                transaction -> transaction.runAsync(query).thenCompose(ResultCursor::listAsync)));
  }

  private interface Work<T> {
    CompletionStage<T> in(AsyncSession session);
  }

  private <T> T inTime(String operation, Work<T> work) {
    long began = System.nanoTime();
    AsyncSession session = neo4j.driver().session(AsyncSession.class);
    try {
      return work.in(session).toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException silence) {
      throw new TargetDownException("the graph does not answer in time", silence);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new TargetDownException("the service stops", stopping);
    } catch (ExecutionException failure) {
      throw translated(failure.getCause());
    } finally {
      session.closeAsync();
      timings.record(STORE, operation, Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** What may work later says nothing against the change at hand. */
  private static RuntimeException translated(Throwable failure) {
    if (failure instanceof RetryableException
        || failure instanceof ServiceUnavailableException
        || failure instanceof AuthenticationException
        || failure instanceof SecurityException
        || failure.getCause() instanceof IOException) {
      return new TargetDownException("the graph cannot be reached or takes no writes", failure);
    }
    return failure instanceof RuntimeException known
        ? known
        : new IllegalStateException("a statement in the graph failed", failure);
  }

  /** Parts of a list, none longer than {@code size}. */
  static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      parts.add(all.subList(i, Math.min(all.size(), i + size)));
    }
    return parts;
  }
}
