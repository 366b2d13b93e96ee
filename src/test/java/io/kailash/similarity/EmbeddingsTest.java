package io.kailash.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
  private static final Embeddings EMBEDDINGS =
      new Embeddings(LuceneStoreTest.settings(Optional.empty()));

  @AfterAll
  static void close() {
    EMBEDDINGS.close();
  }

  private static double similarity(String one, String other) {
    float[] a = EMBEDDINGS.of(one);
    float[] b = EMBEDDINGS.of(other);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Computed from the same model file by ONNX Runtime 1.30 and NumPy. */
  @Test
  void aVectorIsTheNormalisedMeanOfThePieces() {
    float[] vector = EMBEDDINGS.of("Galvanised watering can 10 l");
    assertThat(vector).hasSize(EMBEDDINGS.dimensions());
    float[] first = {
      -0.0708289f,
      0.05792014f,
      0.00048015f,
      -0.09057697f,
      0.07664357f,
      -0.03258324f,
      0.02898596f,
      0.05445932f
    };
    for (int i = 0; i < first.length; i++) {
      assertThat(vector[i]).isCloseTo(first[i], within(0.01f));
    }
    assertThat(similarity("Galvanised watering can 10 l", "Metal jug for the garden"))
        .isCloseTo(0.401, within(0.03));
    assertThat(similarity("Galvanised watering can 10 l", "USB-C charging cable 2 m"))
        .isCloseTo(0.050, within(0.03));
  }

  @Test
  void everyTextHasAVectorOfLengthOneThatIsAlwaysTheSame() {
    for (String text : List.of("", " ", "lamp", "x".repeat(5000), "lamp ".repeat(2000), "充電器")) {
      float[] vector = EMBEDDINGS.of(text);
      VectorStore.requireLengthOne(vector);
      Embeddings fresh = new Embeddings(LuceneStoreTest.settings(Optional.empty()));
      assertThat(fresh.of(text)).containsExactly(vector);
      fresh.close();
    }
  }

  @Test
  void aCallerMayChangeWhatItWasGiven() {
    float[] first = EMBEDDINGS.of("reading lamp");
    float before = first[0];
    first[0] = 9;
    assertThat(EMBEDDINGS.of("reading lamp")[0]).isEqualTo(before);
  }

  @Test
  void manyThreadsGetTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<float[]>> made = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String text = "desk " + i % 16;
        made.add(threads.submit(() -> EMBEDDINGS.of(text)));
      }
      for (int i = 0; i < 64; i++) {
        assertThat(made.get(i).get()).containsExactly(EMBEDDINGS.of("desk " + i % 16));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void afterItsEndNothingIsEmbedded() {
    Embeddings ended = new Embeddings(LuceneStoreTest.settings(Optional.empty()));
    ended.close();
    assertThatThrownBy(() -> ended.of("lamp")).isInstanceOf(VectorStoreDown.class);
  }

  @Test
  void anItemsTextIsItsTitleWithItsBrand() {
    assertThat(Embeddings.itemText("Lamp", "Lumo")).isEqualTo("Lamp (Lumo)");
    assertThat(Embeddings.itemText("Lamp", null)).isEqualTo("Lamp");
    assertThat(Embeddings.categoryText(List.of("Home", "Lamps"))).isEqualTo("Home > Lamps");
  }
}
