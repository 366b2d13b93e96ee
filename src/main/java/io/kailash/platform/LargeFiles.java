package io.kailash.platform;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether this instance takes in a large file at the moment. What can wait then leaves it the
 * processors, for no longer than {@link #LONGEST_WAIT_MINUTES} minutes.
 */
@Singleton
public class LargeFiles {
  /** How long anything should wait for files. */
  public static final int LONGEST_WAIT_MINUTES = 10;

  private final AtomicInteger underWay = new AtomicInteger();

  /** Ends with its file. */
  public interface Taking extends AutoCloseable {
    @Override
    void close();
  }

  /** Begins with a file; to be closed once. */
  public Taking begin() {
    underWay.incrementAndGet();
    return underWay::decrementAndGet;
  }

  public boolean underWay() {
    return underWay.get() > 0;
  }
}
