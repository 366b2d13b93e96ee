package io.kailash.certification.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How the generator itself fared: whoever measures with a stuttering clock measures the stutter.
 *
 * <p>Its CPU is the share of the whole machine (1 = every core). A pause is how much longer than
 * asked a thread slept that does nothing else (garbage collection, a machine that is too busy).
 * Lateness is how long after the planned start an arrival was sent although a thread stood ready
 * for it.
 */
final class GeneratorHealth implements AutoCloseable {

  private static final long SLEEP_NANOS = 5_000_000;

  /** An arrival that is later than this by the generator's own fault did not come as planned. */
  static final long LATE_NANOS = 100_000_000;

  private final Histogram lateness = new ConcurrentHistogram(60_000_000_000L, 2);
  private final AtomicLong worstPause = new AtomicLong();
  private final Thread watcher;
  private volatile boolean closed;
  private final long beganNanos = System.nanoTime();
  private final long beganCpu = cpuNanos();
  private long endedNanos;
  private long endedCpu;

  GeneratorHealth() {
    watcher = new Thread(this::watch, "pauses");
    watcher.setDaemon(true);
    watcher.setPriority(Thread.MAX_PRIORITY);
    watcher.start();
  }

  private void watch() {
    while (!closed) {
      long before = System.nanoTime();
      LockSupport.parkNanos(SLEEP_NANOS);
      long over = System.nanoTime() - before - SLEEP_NANOS;
      worstPause.accumulateAndGet(over, Math::max);
    }
  }

  void sent(long lateNanos) {
    lateness.recordValue(Math.min(Math.max(0, lateNanos), 60_000_000_000L));
  }

  /** Share of all cores, 0 to 1. */
  double cpuShare() {
    long nanos = (closed ? endedNanos : System.nanoTime()) - beganNanos;
    long cpu = (closed ? endedCpu : cpuNanos()) - beganCpu;
    return nanos <= 0 ? 0 : (double) cpu / nanos / cores();
  }

  /** 0 on a system that does not say. */
  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  double maxPauseMillis() {
    return worstPause.get() / 1e6;
  }

  double lateMillis(double percentile) {
    return lateness.getTotalCount() == 0 ? 0 : lateness.getValueAtPercentile(percentile) / 1e6;
  }

  @Override
  public void close() {
    if (!closed) {
      endedNanos = System.nanoTime();
      endedCpu = cpuNanos();
      closed = true;
    }
  }
}
