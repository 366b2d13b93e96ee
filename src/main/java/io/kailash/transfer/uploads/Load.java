package io.kailash.transfer.uploads;

import io.kailash.jobs.JobRun;
import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.ChunkWriter.Chunk;
import io.kailash.transfer.uploads.Loading.Written;
import io.kailash.transfer.uploads.Row.Wrong;
import io.kailash.transfer.uploads.UploadStore.Rejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;

/**
 * One run over a file: reads and checks rows on this thread and has chunks of them written by
 * others, so that reading never waits for the database while there is room. Rows that an earlier
 * run has marked are read again, for their keys, and passed over.
 *
 * @param <T> a checked row
 */
final class Load<T> {
  private static final int CHUNK_CHARS = 4 << 20;
  private static final String REPEATED = "stands in the file before already";

  private final JobRun run;
  private final Upload upload;
  private final Loading<T> loading;
  private final RowReader reader;
  private final ChunkWriter writer;
  private final ExecutorService threads;
  private final UploadFigures figures;
  private final UploadSettings settings;
  private final DoubleSupplier share;
  private final KnownKeys keys;
  private final ReentrantLock marking = new ReentrantLock();
  private final Semaphore places;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile Marks marks;

  private List<T> checked = new ArrayList<>();
  private List<Long> lines = new ArrayList<>();
  private List<Rejected> refused = new ArrayList<>();
  private long first;
  private long chars;

  /**
   * Reads nothing yet.
   *
   * @param marks of earlier runs
   * @param share of the file that was read, from 0 to 1
   */
  Load(
      JobRun run,
      Upload upload,
      Loading<T> loading,
      RowReader reader,
      Marks marks,
      ChunkWriter writer,
      ExecutorService threads,
      UploadFigures figures,
      UploadSettings settings,
      DoubleSupplier share) {
    this.run = run;
    this.upload = upload;
    this.loading = loading;
    this.reader = reader;
    this.marks = marks;
    this.writer = writer;
    this.threads = threads;
    this.figures = figures;
    this.settings = settings;
    this.share = share;
    keys = new KnownKeys(settings.knownKeysOfAFile());
    places = new Semaphore(settings.writers());
  }

  /** What a chunk's transaction asks of the load. */
  interface Marking {
    /** Those of the refused rows that are still kept by name. */
    List<Rejected> kept(List<Rejected> refused);

    /** The marks with a chunk; nobody else marks until its transaction has ended. */
    Marks with(Marks.Stretch rows, Written written, long rejected);
  }

  /**
   * Loads all of it.
   *
   * @return the marks at the end
   * @throws UnreadableFileException where the file cannot be read to its end; what was read before
   *     is loaded
   */
  Marks toTheEnd() throws IOException {
    Marks before = marks;
    long row = 0;
    try {
      try {
        for (Row read = reader.next(); read != null; read = reader.next()) {
          row++;
          take(read, row, before.has(row));
          if (checked.size() + refused.size() >= settings.chunkRows() || chars >= CHUNK_CHARS) {
            flush(row);
          }
        }
      } catch (UnreadableFileException cut) {
        flush(row);
        await();
        throw cut;
      }
      flush(row);
      await();
      return marks;
    } finally {
      // Nobody may write for this run once it is over.
      places.acquireUninterruptibly(settings.writers());
      places.release(settings.writers());
    }
  }

  private void take(Row read, long row, boolean behind) {
    if (first > 0 && behind) {
      // A gap ends here; a chunk never spans what is behind already.
      flush(row - 1);
    }
    T value = null;
    List<Wrong> wrong = List.of();
    if (read.wrong() != null) {
      wrong = List.of(read.wrong());
    } else {
      try {
        value = loading.checked(read);
        String key = loading.key(value);
        if (key != null && !keys.add(key)) {
          wrong = List.of(new Wrong(reader.shown("sku"), REPEATED));
        }
      } catch (ProblemException invalid) {
        wrong = wrongs(invalid);
      }
    }
    if (behind) {
      heed();
      return;
    }
    if (first == 0) {
      first = row;
    }
    if (wrong.isEmpty()) {
      checked.add(value);
      lines.add(read.line());
      for (String text : read.values()) {
        chars += text == null ? 0 : text.length();
      }
    } else {
      wrong.forEach(one -> refused.add(new Rejected(read.line(), one)));
    }
  }

  private List<Wrong> wrongs(ProblemException invalid) {
    List<Wrong> wrong = new ArrayList<>();
    for (Problem.Violation error : invalid.problem().errors()) {
      String field = error.pointer().startsWith("/") ? error.pointer().substring(1) : "";
      String detail =
          error.detail().startsWith("has an unpaired surrogate")
              ? "has bytes that are not " + upload.options().encoding().name()
              : error.detail();
      int below = field.indexOf('/');
      wrong.add(new Wrong(below < 0 ? reader.shown(field) : field.replace('/', '.'), detail));
    }
    return wrong.isEmpty() ? List.of(new Wrong(null, invalid.problem().detail())) : wrong;
  }

  private void heed() {
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    run.heed();
  }

  /** Has the rows gathered so far written. */
  private void flush(long last) {
    heed();
    if (first == 0) {
      return;
    }
    Chunk<T> chunk = new Chunk<>(new Marks.Stretch(first - 1, last), checked, lines, refused);
    checked = new ArrayList<>();
    lines = new ArrayList<>();
    refused = new ArrayList<>();
    first = 0;
    chars = 0;
    places.acquireUninterruptibly();
    if (failure.get() != null) {
      places.release();
      throw failure.get();
    }
    boolean given = false;
    try {
      threads.execute(() -> write(chunk));
      given = true;
    } finally {
      if (!given) {
        places.release();
      }
    }
    run.progress("loading", share.getAsDouble());
    run.count(marks.written() + marks.unchanged(), marks.rejected(), -1);
  }

  private void write(Chunk<T> chunk) {
    Marks before = null;
    try {
      Marks[] after = new Marks[1];
      writer.write(
          run,
          upload.id(),
          chunk,
          loading,
          new Marking() {
            @Override
            public List<Rejected> kept(List<Rejected> refused) {
              long room = Math.max(0, settings.maxRejectedNamed() - marks.named());
              named = refused.stream().limit(room).toList();
              return named;
            }

            private List<Rejected> named = List.of();

            @Override
            public Marks with(Marks.Stretch rows, Written written, long rejected) {
              marking.lock();
              after[0] =
                  marks.with(rows, written.written(), written.unchanged(), rejected, named.size());
              return after[0];
            }
          });
      before = marks;
      marks = after[0];
      figures.loaded(
          upload.kind(),
          marks.written() - before.written(),
          marks.unchanged() - before.unchanged(),
          marks.rejected() - before.rejected());
    } catch (RuntimeException failed) {
      failure.compareAndSet(null, failed);
    } finally {
      if (marking.isHeldByCurrentThread()) {
        marking.unlock();
      }
      places.release();
    }
  }

  private void await() {
    places.acquireUninterruptibly(settings.writers());
    places.release(settings.writers());
    heed();
    run.progress("loading", share.getAsDouble());
    run.count(marks.written() + marks.unchanged(), marks.rejected(), -1);
  }
}
