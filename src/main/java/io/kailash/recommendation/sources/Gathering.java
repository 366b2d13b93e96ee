package io.kailash.recommendation.sources;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts questions about keys that are asked at the same time into one. The first goes out at once;
 * what is asked while some are out waits for the next turn and goes together. So one caller waits
 * for nobody, and many ask little more often than one. Every answer was asked for after its
 * question came: nobody gets an older one.
 *
 * @param <V> what is known about a key
 */
public final class Gathering<V> {
  private static final int OUT_AT_ONCE = 3;

  private final Guard guard;
  private final Question<V> question;
  private Batch<V> next;
  private int out;

  /** Asks about many keys at once; one that is left out is unknown. */
  public interface Question<V> {
    /** The answers. */
    Map<String, V> ask(Collection<String> keys) throws Exception;
  }

  private static final class Batch<V> {
    private final Set<String> keys = new LinkedHashSet<>();
    private final CompletableFuture<Map<String, V>> answer = new CompletableFuture<>();
  }

  /**
   * @param guard behind which the questions are asked
   */
  public Gathering(Guard guard, Question<V> question) {
    this.guard = guard;
    this.question = question;
  }

  /**
   * Asks, and waits at most until {@code deadlineNanos} of {@link System#nanoTime}.
   *
   * @return what is known about these keys; empty where there was no answer
   */
  public Optional<Map<String, V>> ask(Collection<String> keys, long deadlineNanos) {
    Batch<V> own;
    Batch<V> toSend = null;
    synchronized (this) {
      if (next == null) {
        next = new Batch<>();
      }
      own = next;
      own.keys.addAll(keys);
      if (out < OUT_AT_ONCE) {
        toSend = next;
        next = null;
        out++;
      }
    }
    if (toSend != null) {
      send(toSend);
    }
    try {
      Map<String, V> all =
          own.answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      Map<String, V> wanted = new HashMap<>();
      for (String key : keys) {
        V value = all.get(key);
        if (value != null) {
          wanted.put(key, value);
        }
      }
      return Optional.of(wanted);
    } catch (TimeoutException | ExecutionException missing) {
      return Optional.empty();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void send(Batch<V> batch) {
    guard.run(
        () -> {
          Map<String, V> answer = question.ask(batch.keys);
          batch.answer.complete(answer);
          return answer;
        },
        () -> {
          // Where it was answered this changes nothing.
          batch.answer.completeExceptionally(new IllegalStateException("no answer"));
          Batch<V> waiting;
          synchronized (this) {
            waiting = next;
            next = null;
            out -= waiting == null ? 1 : 0;
          }
          if (waiting != null) {
            send(waiting);
          }
        });
  }
}
