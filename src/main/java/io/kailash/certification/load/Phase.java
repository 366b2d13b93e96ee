package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * One scenario while it runs: says to each thread of the plan what to send and when, watches, tells
 * a person how far it is, and at the end writes {@code phase.json}. Shared by all threads.
 *
 * <p>Life: made, {@link #warm} until it says no, {@link #next} until it says no, {@link #end}. An
 * interrupt of the process is an end too: what was measured until then is written.
 */
final class Phase {

  /** In the folder of all results while something is being measured. */
  static final String MEASURING = "measuring";

  static final String FILE = "phase.json";

  private static final long SECOND = 1_000_000_000L;
  private static final long PROGRESS_NANOS = 5 * SECOND;

  /** An arrival that found no free thread for so long is given up: nobody answers. */
  private static final long GIVE_UP_NANOS = 10 * SECOND;

  /**
   * Samples that come with another operation or after all others, to what is sent in their part.
   */
  private static final Map<String, String> PARTS =
      Map.of("stream.first_byte", "stream", LiveOperation.STAY, LiveOperation.MESSAGE);

  private final LoadOrder order;
  private final Path folder;
  private final Path root;
  private final HttpTarget target;
  private final Clock clock;
  private final PrintStream out;
  private final Operations operations;
  private final AtomicInteger toWarm;
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong planned = new AtomicLong();
  private final LongAdder answers = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder degraded = new LongAdder();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger mostBusy = new AtomicInteger();
  private final ConcurrentHashMap<String, LongAdder> reasons = new ConcurrentHashMap<>();
  private final Histogram times = new ConcurrentHistogram(3_600_000_000L, 2);
  private final String[] names;
  private final double[] upTo;

  private Schedule schedule;
  private CapacitySearch search;
  private double plannedRate;
  private long beganNanos;
  private long startIn;
  private Instant beganAt;
  private long beganMillis;
  private CacheFigures cacheBefore;
  private GeneratorHealth health;
  private ResourceLog resources;
  private Duration serviceCpuBefore;
  private Thread hook;
  private boolean begun;
  private boolean ended;
  private volatile boolean interrupted;

  /** The search for the capacity is over. */
  private volatile boolean found;

  /** What a thread is to do next. */
  record Turn(String operation, long plannedNanos, boolean open) {}

  Phase(Path folder, Clock clock, PrintStream out) throws Exception {
    this.folder = folder;
    this.root = folder.toAbsolutePath().getParent().getParent();
    this.clock = clock;
    this.out = out;
    this.order = LoadOrder.in(folder);
    this.names =
        order.operations().keySet().stream()
            .map(name -> PARTS.getOrDefault(name, name))
            .toArray(String[]::new);
    this.upTo = new double[names.length];
    double sum = 0;
    int place = 0;
    for (double weight : order.operations().values()) {
      sum += weight;
      upTo[place++] = sum;
    }
    this.target = HttpTarget.of(order.target(), order.threads() + 8);
    this.toWarm = new AtomicInteger(order.warmUp());
    say("begins: " + inWords());
    this.operations = new Operations(order, target);
  }

  private String inWords() {
    String load =
        order.open()
            ? order.capacity() != null && order.capacity().search()
                ? "rising rates"
                : order.capacity() != null && order.capacity().times() > 0
                    ? String.format(
                        Locale.ROOT, "%.1f times the capacity found", order.capacity().times())
                    : String.format(Locale.ROOT, "%.0f arrivals/s", meanRate())
            : order.users() + " users";
    return String.format(
        Locale.ROOT,
        "%s of %s, %s (specified %s), after %d to warm up",
        load,
        String.join(", ", order.operations().keySet()),
        time(order.seconds()),
        time(order.specifiedSeconds()),
        order.warmUp());
  }

  private double meanRate() {
    double arrivals = 0;
    double seconds = 0;
    for (LoadOrder.Arrivals segment : order.arrivals()) {
      arrivals += segment.seconds() * (segment.from() + segment.to()) / 2;
      seconds += segment.seconds();
    }
    return seconds == 0 ? 0 : arrivals / seconds;
  }

  Operations operations() {
    return operations;
  }

  /** Whether one more request is to be sent that does not count. */
  boolean warm() {
    return !interrupted && toWarm.getAndDecrement() > 0;
  }

  /** One of the operations, by its weight. */
  String draw(SplittableRandom random) {
    return at(random.nextDouble() * upTo[upTo.length - 1]);
  }

  private String at(double place) {
    for (int i = 0; i < names.length; i++) {
      if (place < upTo[i]) {
        return names[i];
      }
    }
    return names[names.length - 1];
  }

  /** What to do next; null when the phase is over. Does not wait for the planned start. */
  Turn next(SplittableRandom random) throws Exception {
    begin();
    if (interrupted) {
      return null;
    }
    if (!order.open()) {
      double at = (System.nanoTime() - beganNanos) / 1e9;
      return at >= order.seconds() ? null : new Turn(operationAt(at, random), 0, false);
    }
    Arrival arrival = schedule.next();
    if (arrival == null) {
      return null;
    }
    planned.incrementAndGet();
    return new Turn(operationAt(arrival.nanos() / 1e9, random), beganNanos + arrival.nanos(), true);
  }

  private String operationAt(double seconds, SplittableRandom random) {
    if (!order.inTurn()) {
      return draw(random);
    }
    // The slow ones have more weight, so that short runs hold enough of them.
    return at(seconds / order.seconds() * upTo[upTo.length - 1]);
  }

  /** What is to be done with an arrival whose time has come. */
  enum Now {
    SEND,
    /** Nothing was answered for so long that no thread was free for it. */
    GIVE_UP,
    /** The phase ended before its time. */
    LEAVE
  }

  /** Waits for the planned start of an arrival. */
  Now await(Turn turn) {
    if (!turn.open()) {
      return Now.SEND;
    }
    long now = System.nanoTime();
    boolean stoodReady = now <= turn.plannedNanos();
    if (!stoodReady && now - turn.plannedNanos() > GIVE_UP_NANOS) {
      started.incrementAndGet();
      return Now.GIVE_UP;
    }
    while (now < turn.plannedNanos() && !interrupted && !found) {
      LockSupport.parkNanos(Math.min(turn.plannedNanos() - now, SECOND));
      now = System.nanoTime();
    }
    if (now < turn.plannedNanos()) {
      planned.decrementAndGet();
      return Now.LEAVE;
    }
    long late = now - turn.plannedNanos();
    if (stoodReady) {
      health.sent(late);
    }
    if (!stoodReady || late <= GeneratorHealth.LATE_NANOS) {
      started.incrementAndGet();
    }
    return Now.SEND;
  }

  /** Waits until the planned time is over; tells whether it came to that. */
  boolean awaitEnd() {
    long end = beganNanos + Math.round(length() * SECOND);
    long now = System.nanoTime();
    while (now < end && !interrupted) {
      LockSupport.parkNanos(Math.min(end - now, SECOND));
      now = System.nanoTime();
    }
    return !interrupted;
  }

  void sending() {
    mostBusy.accumulateAndGet(busy.incrementAndGet(), Math::max);
  }

  /** Notes an answer, for people who watch and for the capacity. */
  void answered(Turn turn, long beganNanos, long tookNanos, String problem, boolean wasDegraded) {
    busy.decrementAndGet();
    note(turn, beganNanos, tookNanos, problem, wasDegraded);
  }

  void note(Turn turn, long sentNanos, long tookNanos, String problem, boolean wasDegraded) {
    answers.increment();
    if (problem != null) {
      wrong.increment();
      reasons
          .computeIfAbsent(turn.operation() + ": " + problem, any -> new LongAdder())
          .increment();
    }
    if (wasDegraded) {
      degraded.increment();
    }
    long from = turn.open() ? sentNanos + tookNanos - turn.plannedNanos() : tookNanos;
    times.recordValue(Math.min(3_600_000_000L, Math.max(0, from / 1000)));
    if (search != null) {
      search.answered(
          (turn.plannedNanos() - this.beganNanos) / 1e9,
          turn.operation(),
          from / 1e6,
          problem == null);
    }
  }

  /** Milliseconds since the epoch of a moment of {@link System#nanoTime}. */
  long epochMillis(long nanos) {
    return beganMillis + Math.round((nanos - beganNanos) / 1e6);
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /** Ends it early because something of its own failed; what was measured is still written. */
  void giveUp() {
    interrupted = true;
  }

  private synchronized void begin() throws Exception {
    if (begun) {
      return;
    }
    begun = true;
    Files.writeString(root.resolve(MEASURING), order.scenario(), UTF_8);
    List<LoadOrder.Arrivals> arrivals = order.arrivals();
    plannedRate = meanRate();
    if (order.capacity() != null && order.capacity().search()) {
      search = new CapacitySearch(arrivals);
    } else if (order.capacity() != null && order.capacity().times() > 0) {
      OptionalDouble capacity = CapacitySearch.foundIn(root);
      if (capacity.isEmpty()) {
        throw new IOException("no capacity was found that this phase could be a multiple of");
      }
      plannedRate = capacity.getAsDouble() * order.capacity().times();
      arrivals = List.of(new LoadOrder.Arrivals(order.seconds(), plannedRate, plannedRate));
    }
    schedule = new Schedule(arrivals, order.seed());
    cacheBefore = cache();
    health = new GeneratorHealth();
    resources = new ResourceLog(folder.resolve("resources.csv"), order.target(), target, clock);
    serviceCpuBefore = resources.cpuOf("service");
    beganAt = clock.instant();
    // The other threads are still being made.
    startIn = SECOND / 2 + order.threads() * SECOND / 1000;
    beganMillis = beganAt.toEpochMilli() + startIn / 1_000_000;
    beganNanos = System.nanoTime() + startIn;
    hook = new Thread(this::interrupt, "write-what-was-measured");
    Runtime.getRuntime().addShutdownHook(hook);
    Thread ticker = new Thread(this::tick, "progress");
    ticker.setDaemon(true);
    ticker.start();
  }

  private CacheFigures cache() {
    try {
      return CacheFigures.of(target);
    } catch (IOException e) {
      say("the service's own figures cannot be read: " + e.getMessage());
      return null;
    }
  }

  private void tick() {
    long said = System.nanoTime();
    while (!isEnded()) {
      LockSupport.parkNanos(SECOND / 10);
      long now = System.nanoTime();
      double at = (now - beganNanos) / 1e9;
      if (search != null && search.over(at)) {
        schedule.endAt(0);
        found = true;
      }
      if (now - said >= PROGRESS_NANOS) {
        said = now;
        say(progress(at));
      }
    }
  }

  private String progress(double at) {
    long count = answers.sum();
    double left = Math.max(0, length() - at);
    return String.format(
        Locale.ROOT,
        "%s of %s, then %s more: %d answers, %.0f/s, p50 %.1f p95 %.1f p99 %.1f ms, %d wrong, %d"
            + " open%s",
        time(Math.max(0, Math.min(at, length()))),
        time(length()),
        time(left + order.restSeconds()),
        count,
        at <= 0 ? 0 : count / at,
        times.getValueAtPercentile(50) / 1000.0,
        times.getValueAtPercentile(95) / 1000.0,
        times.getValueAtPercentile(99) / 1000.0,
        wrong.sum(),
        busy.get(),
        search == null ? "" : String.format(Locale.ROOT, ", holds %.0f/s", search.found()));
  }

  private double length() {
    return order.open() ? schedule.seconds() : order.seconds();
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    return whole < 7200
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private void interrupt() {
    interrupted = true;
    try {
      end();
    } catch (IOException e) {
      say("what was measured could not be written: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes what was measured. */
  synchronized void end() throws IOException, InterruptedException {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (begun && health != null && resources != null && beganAt != null) {
        health.close();
        resources.close();
        write();
        say("ended: " + progress((System.nanoTime() - beganNanos) / 1e9));
        reasons.entrySet().stream()
            .sorted((a, b) -> Long.compare(b.getValue().sum(), a.getValue().sum()))
            .limit(5)
            .forEach(
                reason -> say("wrong " + reason.getValue().sum() + " times: " + reason.getKey()));
      }
      operations.close();
      target.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(root.resolve(MEASURING));
      if (!interrupted && hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  private void write() throws IOException {
    double rate = plannedRate;
    if (search != null) {
      search.writeTo(folder, root);
      rate = search.found();
    }
    ObjectNode phase = LoadOrder.json().createObjectNode();
    phase.put("scenario", order.scenario());
    phase.put("gate", order.gate());
    phase.put("kind", order.open() ? "open" : "closed");
    if (order.open()) {
      phase.put("planned_rate", rate);
      phase.put("planned_arrivals", search != null ? planned.get() : schedule.planned());
      phase.put("started_arrivals", started.get());
    }
    if (order.users() > 0) {
      phase.put("planned_users", order.users());
    }
    phase.put("duration_planned_s", order.seconds());
    phase.put("duration_specified_s", order.specifiedSeconds());
    phase.put("time_scale", order.timeScale());
    phase.put("started_at", beganAt.plusNanos(startIn).toString());
    phase.put("ended_at", clock.instant().toString());
    phase.put("interrupted", interrupted);
    phase.put("warmup_requests", order.warmUp() - Math.max(0, toWarm.get()));
    ObjectNode generator = phase.putObject("generator");
    generator.put("cpu_share", health.cpuShare());
    generator.put("max_pause_ms", health.maxPauseMillis());
    generator.put("cores", health.cores());
    generator.put("late_p50_ms", health.lateMillis(50));
    generator.put("late_p99_ms", health.lateMillis(99));
    generator.put("late_max_ms", health.lateMillis(100));
    generator.put("most_unanswered", mostBusy.get());
    generator.put("threads", order.threads());
    CacheFigures now = interrupted || cacheBefore == null ? null : cache();
    OptionalDouble hits = now == null ? OptionalDouble.empty() : now.shareSince(cacheBefore);
    if (hits.isPresent()) {
      phase.put("cache_hit_ratio", hits.getAsDouble());
    } else {
      phase.putNull("cache_hit_ratio");
    }
    Duration serviceCpu = resources.cpuOf("service");
    if (serviceCpu != null && serviceCpuBefore != null) {
      phase.put("service_cpu_s", serviceCpu.minus(serviceCpuBefore).toNanos() / 1e9);
    }
    phase.put("answers", answers.sum());
    phase.put("wrong", wrong.sum());
    phase.put("degraded", degraded.sum());
    Map<String, Long> sorted = new TreeMap<>();
    reasons.forEach((reason, count) -> sorted.put(reason, count.sum()));
    phase.set("reasons", LoadOrder.json().valueToTree(sorted));
    phase.set("build", LoadOrder.json().valueToTree(order.build()));
    phase.put("target", target.base().toString());
    phase.put("items", order.items());
    phase.put("seed", order.seed());
    Path fresh = folder.resolve(FILE + ".new");
    try {
      LoadOrder.json().writerWithDefaultPrettyPrinter().writeValue(fresh.toFile(), phase);
      Files.move(
          fresh,
          folder.resolve(FILE),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void say(String line) {
    out.println(
        String.format(
            Locale.ROOT,
            "%s %d/%d %s %s",
            order.gate(),
            order.number(),
            order.phases(),
            order.scenario(),
            line));
    out.flush();
  }
}
