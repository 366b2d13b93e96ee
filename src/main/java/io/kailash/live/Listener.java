package io.kailash.live;

import io.kailash.access.Caller;
import io.kailash.platform.LiveId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One who listens, over whatever wire. What is to be written waits in a queue that is bounded in
 * characters; one write at a time is under way, and what has gathered meanwhile goes out together.
 * Who falls behind by more events than the queue holds gets the rest at its own pace; who stops
 * reading, or does not read the answers to what it asks, is dropped with a reason.
 *
 * <p>Of threads: {@link #tell} is called under the lock of {@link Broadcast}, so nothing here calls
 * that while it holds its own lock.
 */
abstract class Listener {
  /** About what one write carries at most. */
  private static final int TOGETHER_CHARS = 32 << 10;

  private final Host host;
  private final int maxQueued;
  private final Deque<String> replies = new ArrayDeque<>(2);
  private final Deque<Object> events = new ArrayDeque<>(2);
  private final AtomicInteger work = new AtomicInteger();
  private volatile boolean writing;

  private int queued;
  private boolean ended;
  private Subscription subscription = Subscription.NOTHING;
  private int generation;
  private LiveId position = LiveId.START;
  private int mostUnacknowledged;
  private final Deque<LiveId> unacknowledged = new ArrayDeque<>(0);
  private volatile Caller caller;

  /** Who keeps account of listeners. */
  interface Host {
    /** Events are written. */
    void delivered(int events);

    /** One has ended; called once for each. */
    void ended(Listener listener, End reason);
  }

  Listener(Host host, int maxQueued) {
    this.host = host;
    this.maxQueued = maxQueued;
  }

  /** Who it is; null while nobody knows. */
  final Caller caller() {
    return caller;
  }

  final void become(Caller known) {
    caller = known;
  }

  // What the wire does.

  /**
   * Whether the wire takes a write. Where it does not, it calls {@link #pump} once it does.
   *
   * @param answer whether the write is an answer to what was asked, and not events
   */
  abstract boolean mayWrite(boolean answer);

  /** Writes; calls {@link #written} when the next may come, at once or later. */
  abstract void write(String text, boolean answer);

  /** Events as one piece of text for the wire. */
  abstract String together(List<Heard> several);

  /** A message of the protocol's own as text for the wire. */
  abstract String message(String type, Map<String, ?> fields);

  /** Ends the connection. */
  abstract void shut(End reason);

  /** Looks after the connection, about each second. */
  abstract void look(long nowNanos);

  // What is wanted.

  /** Takes over what is wanted from now on and returns the number of this decision. */
  final synchronized int adopt(Subscription wanted, int acknowledge) {
    subscription = wanted;
    mostUnacknowledged = acknowledge;
    unacknowledged.clear();
    return ++generation;
  }

  /** Whether a decision about what is wanted still counts. */
  final synchronized boolean isCurrent(int decision) {
    return !ended && generation == decision;
  }

  final synchronized Subscription subscription() {
    return subscription;
  }

  /** From where on events are wanted. */
  final synchronized void from(LiveId place) {
    position = place;
  }

  /** Everything up to there was taken. */
  final void acknowledge(LiveId upTo) {
    synchronized (this) {
      while (!unacknowledged.isEmpty() && !unacknowledged.peek().isAfter(upTo)) {
        unacknowledged.poll();
      }
    }
    pump();
  }

  // What is to be written.

  /** Whether there is room for a page of events. */
  final synchronized boolean hasRoom() {
    return queued < maxQueued / 2;
  }

  /** What became of an event that was handed over. */
  enum Taken {
    /** It is not wanted, or was handed over before. */
    NOT_WANTED,
    /** It waits to be written; {@link #pump} is to be called. */
    WAITS,
    /** There is no room for it, and it was not taken. */
    NO_ROOM
  }

  /** Hands over an event. */
  final synchronized Taken tell(Heard event) {
    if (ended || !event.id().isAfter(position)) {
      return Taken.NOT_WANTED;
    }
    if (!subscription.wants(event)) {
      position = event.id();
      return Taken.NOT_WANTED;
    }
    if (queued + event.chars() > maxQueued && !events.isEmpty()) {
      return Taken.NO_ROOM;
    }
    position = event.id();
    events.add(event);
    queued += event.chars();
    return Taken.WAITS;
  }

  /** Place up to which everything was handed over. */
  final synchronized LiveId position() {
    return position;
  }

  /** Number of the last decision about what is wanted. */
  final synchronized int decision() {
    return generation;
  }

  /** Says something among the events, after those handed over so far. */
  final void tell(String type, Map<String, ?> fields) {
    add(message(type, fields), events);
  }

  /** Says something before all events that wait. */
  final void say(String type, Map<String, ?> fields) {
    say(message(type, fields));
  }

  /** Says what is text for the wire already. */
  final void say(String text) {
    add(text, replies);
    pump();
  }

  private void add(String text, Deque<? super String> queue) {
    synchronized (this) {
      if (ended) {
        return;
      }
      queue.add(text);
      queued += text.length();
    }
  }

  /**
   * Writes what waits as far as the wire takes it; never waits itself. Ends it where too many
   * answers are left then.
   */
  final void pump() {
    if (work.getAndIncrement() != 0) {
      // Whoever is at it looks again.
      return;
    }
    int seen = 1;
    do {
      boolean done = false;
      try {
        while (!writing && writeNext()) {
          // On to the next.
        }
        done = true;
      } finally {
        if (!done) {
          // Nobody would come to it any more.
          work.set(0);
          end(End.GONE);
        }
      }
      seen = work.addAndGet(-seen);
    } while (seen != 0);
    if (isTooFarBehind()) {
      end(End.SLOW);
    }
  }

  /** Begins the next write; tells whether there was one. */
  private boolean writeNext() {
    String answer = mayWrite(true) ? nextAnswer() : null;
    String text = answer == null && mayWrite(false) ? nextEvents() : answer;
    if (text == null) {
      return false;
    }
    writing = true;
    write(text, answer != null);
    return true;
  }

  /** Whether answers wait because the wire takes none. */
  final synchronized boolean hasUnwrittenAnswers() {
    return writing && !replies.isEmpty();
  }

  private synchronized boolean isTooFarBehind() {
    return queued > maxQueued;
  }

  /** The write under way is done. */
  final void written() {
    writing = false;
    pump();
  }

  private synchronized String nextAnswer() {
    String reply = replies.poll();
    if (reply != null) {
      queued -= reply.length();
    }
    return reply;
  }

  private synchronized String nextEvents() {
    if (events.peek() instanceof String text) {
      events.poll();
      queued -= text.length();
      return text;
    }
    List<Heard> several = null;
    int chars = 0;
    boolean alone = false;
    while (chars < TOGETHER_CHARS
        && !alone
        && events.peek() instanceof Heard event
        && (several == null || !event.isGap())
        && (mostUnacknowledged == 0 || unacknowledged.size() < mostUnacknowledged)) {
      events.poll();
      queued -= event.chars();
      chars += event.chars();
      if (mostUnacknowledged > 0) {
        unacknowledged.add(event.id());
      }
      if (several == null) {
        several = new ArrayList<>(4);
      }
      several.add(event);
      alone = event.isGap();
    }
    if (several == null) {
      return null;
    }
    host.delivered(several.size());
    return together(several);
  }

  /** Ends it; only the first reason counts. */
  final void end(End reason) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      replies.clear();
      events.clear();
      queued = 0;
      generation++;
    }
    host.ended(this, reason);
    shut(reason);
  }

  final synchronized boolean hasEnded() {
    return ended;
  }
}
