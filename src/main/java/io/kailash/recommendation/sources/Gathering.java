package io.kailash.recommendation.sources;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts questions about keys that are asked at the same time into few. The first goes out at once;
 * what is asked while as many are out as may be waits for its turn and goes together. So one caller
 * waits for nobody, and many ask little more often than one. Every answer was asked for after its
 * question came: nobody gets an older one.
 *
 * @param <V> what is known about a key
 */
public final class Gathering<V> {
  private static final int WAITING_QUESTIONS = 8;

  private final Guard guard;
  private final Question<V> question;
  private final int outAtOnce;
  private final int keysAtOnce;
  private final Deque<Batch<V>> waiting = new ArrayDeque<>();
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
   * @param outAtOnce most questions under way
   * @param keysAtOnce most keys of one question
   */
  public Gathering(Guard guard, int outAtOnce, int keysAtOnce, Question<V> question) {
    this.guard = guard;
    this.outAtOnce = outAtOnce;
    this.keysAtOnce = keysAtOnce;
    this.question = question;
  }

  /** Something that was asked. */
  public static final class Asked<V> {
    private final Collection<String> keys;
    private final List<Batch<V>> batches = new ArrayList<>(2);
    private boolean refused;

    private Asked(Collection<String> keys) {
      this.keys = keys;
    }

    /**
     * Waits at most until {@code deadlineNanos} of {@link System#nanoTime}.
     *
     * @return what is known about the keys; empty where an answer is missing
     */
    public Optional<Map<String, V>> get(long deadlineNanos) {
      Map<String, V> wanted = new HashMap<>();
      return read(deadlineNanos, wanted) ? Optional.of(wanted) : Optional.empty();
    }

    /**
     * The same, but keeps what came in time.
     *
     * @param wanted takes what is known about the keys
     * @return whether every answer came
     */
    public boolean read(long deadlineNanos, Map<String, V> wanted) {
      boolean whole = !refused;
      for (Batch<V> batch : batches) {
        try {
          Map<String, V> all =
              batch.answer.get(
                  Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
          for (String key : keys) {
            V value = all.get(key);
            if (value != null) {
              wanted.put(key, value);
            }
          }
        } catch (TimeoutException | ExecutionException missing) {
          whole = false;
        } catch (InterruptedException ending) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return whole;
    }
  }

  /**
   * Asks, and does not wait. Where too many questions wait already, what does not fit is not asked
   * and counts as unanswered.
   */
  public Asked<V> ask(Collection<String> keys) {
    Asked<V> asked = new Asked<>(keys);
    List<Batch<V>> toSend = new ArrayList<>(1);
    synchronized (this) {
      Batch<V> last = waiting.peekLast();
      for (String key : keys) {
        if (last == null || last.keys.size() >= keysAtOnce) {
          if (waiting.size() >= WAITING_QUESTIONS) {
            asked.refused = true;
            break;
          }
          last = new Batch<>();
          waiting.add(last);
        }
        last.keys.add(key);
        if (asked.batches.isEmpty() || asked.batches.get(asked.batches.size() - 1) != last) {
          asked.batches.add(last);
        }
      }
      while (out < outAtOnce && !waiting.isEmpty()) {
        toSend.add(waiting.remove());
        out++;
      }
    }
    toSend.forEach(this::send);
    return asked;
  }

  /** Whether nothing waits for its turn. */
  synchronized boolean hasRoom() {
    return waiting.isEmpty();
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
          Batch<V> next;
          synchronized (this) {
            next = waiting.poll();
            out -= next == null ? 1 : 0;
          }
          if (next != null) {
            send(next);
          }
        });
  }
}
