package io.kailash.similarity;

import ai.onnxruntime.OrtException;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kailash.platform.Settings;
import io.kailash.platform.Sha256;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Turns text into a vector of length 1, so that texts of like meaning are near each other. The same
 * text gives the same vector. Vectors are kept in memory by a hash of the text; of those that are
 * not, only as many are made at the same time as the setting {@code kailash.embeddings.parallel}
 * allows. The model is read at the first use.
 */
@Singleton
public final class Embeddings {
  private final SimilaritySettings settings;
  private final Semaphore permits;
  private final Cache<TextHash, float[]> cache;
  private volatile SentenceModel model;
  private volatile boolean closed;

  /** Half of a SHA-256: 128 bits, so that no two texts are ever mistaken for each other. */
  private record TextHash(long high, long low) {
    static TextHash of(String text) {
      ByteBuffer hash = ByteBuffer.wrap(Sha256.of(text));
      return new TextHash(hash.getLong(), hash.getLong());
    }
  }

  /** Reads its settings and nothing else; the model comes with the first text. */
  @Inject
  public Embeddings(Settings settings) {
    this(SimilaritySettings.read(settings));
  }

  Embeddings(SimilaritySettings settings) {
    this.settings = settings;
    permits = new Semaphore(settings.parallel(), true);
    cache = Caffeine.newBuilder().maximumSize(settings.cacheEntries()).build();
  }

  /**
   * What of an item is embedded: its title, and its brand behind it.
   *
   * @param brand may be null
   */
  public static String itemText(String title, String brand) {
    return brand == null || brand.isBlank() ? title : title + " (" + brand + ")";
  }

  /** What of a category is embedded: the names on the way to it, joined by {@code " > "}. */
  public static String categoryText(List<String> path) {
    return String.join(" > ", path);
  }

  /** How long the vectors are. */
  public int dimensions() {
    return SentenceModel.DIMENSIONS;
  }

  /**
   * The vector of a text, {@link #dimensions} numbers; the caller's own.
   *
   * @throws VectorStoreDown where no turn came in time ({@code kailash.embeddings.wait}), or the
   *     model cannot run on this machine
   */
  public float[] of(String text) {
    TextHash hash = TextHash.of(text);
    float[] known = cache.getIfPresent(hash);
    if (known == null) {
      known = made(text);
      cache.put(hash, known);
    }
    return known.clone();
  }

  private float[] made(String text) {
    try {
      if (!permits.tryAcquire(settings.longestWait().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new VectorStoreDown("too many texts wait for their embedding", null);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new VectorStoreDown("the service stops", stopping);
    }
    try {
      return loaded().embed(text);
    } catch (OrtException failure) {
      throw new IllegalStateException("a text could not be embedded", failure);
    } finally {
      permits.release();
    }
  }

  private SentenceModel loaded() {
    SentenceModel current = model;
    return current == null ? load() : current;
  }

  private synchronized SentenceModel load() {
    if (closed) {
      throw new VectorStoreDown("the service stops", null);
    }
    if (model == null) {
      try {
        model = SentenceModel.load();
      } catch (IOException | OrtException | LinkageError failure) {
        throw new VectorStoreDown("the model of the embeddings cannot run here", failure);
      }
    }
    return model;
  }

  @PreDestroy
  void close() {
    // With every permit in hand nobody is inside the model, which must not vanish under them.
    permits.acquireUninterruptibly(settings.parallel());
    synchronized (this) {
      closed = true;
      if (model != null) {
        try {
          model.close();
        } catch (OrtException failure) {
          throw new IllegalStateException("the model could not be closed", failure);
        }
        model = null;
      }
    }
    permits.release(settings.parallel());
  }
}
