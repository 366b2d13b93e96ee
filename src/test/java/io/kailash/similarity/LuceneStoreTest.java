package io.kailash.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.similarity.VectorStore.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneStoreTest extends VectorStoreContract {
  @TempDir Path folder;

  static SimilaritySettings settings(Optional<Path> folder) {
    return new SimilaritySettings(
        folder,
        Duration.ofSeconds(1),
        100,
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        1,
        Duration.ofSeconds(5),
        100);
  }

  @Override
  LuceneStore open() {
    return new LuceneStore(settings(Optional.of(folder)), timings);
  }

  @Override
  String name() {
    return "lucene";
  }

  private void upsertOne() {
    store.upsert(collection, List.of(new Entry("a", direction(1, 0), 4)));
  }

  private LuceneStore reopened() {
    ((LuceneStore) store).close();
    LuceneStore again = open();
    store = again;
    return again;
  }

  @Test
  void whatWasClosedIsThereAgain() {
    upsertOne();
    LuceneStore again = reopened();
    assertThat(again.count(collection)).isEqualTo(1);
    assertThat(again.nearest(collection, direction(1, 0), 1, Set.of()).get(0).id()).isEqualTo("a");
    again.forEach(collection, (id, version) -> assertThat(version).isEqualTo(4));
  }

  @Test
  void whatWasCommittedSurvivesACrash() throws IOException {
    upsertOne();
    ((LuceneStore) store).commit();
    store.upsert(collection, List.of(new Entry("b", direction(1, 0), 1)));
    Path copy = folder.resolve("copy");
    // What is on the disk at this moment is what a crash leaves.
    try (Stream<Path> files =
        Files.list(Files.createDirectories(copy).resolveSibling(collection))) {
      Path to = Files.createDirectories(copy.resolve(collection));
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    try (LuceneStore after = new LuceneStore(settings(Optional.of(copy)), timings)) {
      assertThat(after.vector(collection, "a")).isPresent();
    }
  }

  @Test
  void aSecondInstanceOnTheSameFolderKeepsItsOwn() {
    upsertOne();
    try (LuceneStore second = open()) {
      assertThat(second.count(collection)).isZero();
      second.upsert(collection, List.of(new Entry("b", direction(1, 0), 1)));
      assertThat(second.count(collection)).isEqualTo(1);
    }
    assertThat(store.vector(collection, "b")).isEmpty();
  }

  @Test
  void whatCannotBeReadIsBegunAnew() throws IOException {
    upsertOne();
    ((LuceneStore) store).close();
    try (Stream<Path> files = Files.list(folder.resolve(collection))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("segm")).toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
    store = open();
    assertThat(store.count(collection)).isZero();
    upsertOne();
    assertThat(store.count(collection)).isEqualTo(1);
  }

  @Test
  void withoutAFolderItBeginsEmpty() {
    try (LuceneStore nowhere = new LuceneStore(settings(Optional.empty()), timings)) {
      nowhere.upsert(collection, List.of(new Entry("b", direction(1, 0), 1)));
      assertThat(nowhere.count(collection)).isEqualTo(1);
    }
    try (LuceneStore nowhere = new LuceneStore(settings(Optional.empty()), timings)) {
      assertThat(nowhere.count(collection)).isZero();
    }
  }
}
