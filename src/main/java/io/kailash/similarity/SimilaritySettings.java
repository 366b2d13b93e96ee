package io.kailash.similarity;

import io.kailash.platform.InvalidSettingException;
import io.kailash.platform.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of this room.
 *
 * @param folder where Lucene keeps its vectors, {@code kailash.vectors.folder}; without it in a
 *     temporary folder, empty at every start
 * @param commitEvery how much Lucene may lose in a crash, {@code kailash.vectors.commit-every}
 * @param candidates how many candidates Lucene looks at for a search; more find more and take
 *     longer, {@code kailash.vectors.candidates}
 * @param searchTimeout longest silence of ChromaDB while a search or a read waits, {@code
 *     kailash.vectors.search-timeout}
 * @param writeTimeout longest silence of ChromaDB while it writes, {@code
 *     kailash.vectors.write-timeout}
 * @param parallel texts embedded at the same time, a thread of the processor each, {@code
 *     kailash.embeddings.parallel}; half the processors where it is not set
 * @param longestWait longest wait for a turn, {@code kailash.embeddings.wait}
 * @param cacheEntries embeddings kept in memory, 1.6 kB each, {@code
 *     kailash.embeddings.cache-entries}
 */
record SimilaritySettings(
    Optional<Path> folder,
    Duration commitEvery,
    int candidates,
    Duration searchTimeout,
    Duration writeTimeout,
    int parallel,
    Duration longestWait,
    int cacheEntries) {

  static SimilaritySettings read(Settings settings) {
    return new SimilaritySettings(
        settings.optional("kailash.vectors.folder").map(SimilaritySettings::path),
        settings.duration("kailash.vectors.commit-every", Duration.ofSeconds(1)),
        settings.wholeNumber("kailash.vectors.candidates", 100, 1, 10_000),
        settings.duration("kailash.vectors.search-timeout", Duration.ofSeconds(2)),
        settings.duration("kailash.vectors.write-timeout", Duration.ofSeconds(30)),
        settings.wholeNumber(
            "kailash.embeddings.parallel",
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            1,
            1024),
        settings.duration("kailash.embeddings.wait", Duration.ofSeconds(5)),
        settings.wholeNumber("kailash.embeddings.cache-entries", 10_000, 0, 100_000_000));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException noPath) {
      throw new InvalidSettingException(
          "kailash.vectors.folder", "'" + text + "' is no path", noPath);
    }
  }
}
