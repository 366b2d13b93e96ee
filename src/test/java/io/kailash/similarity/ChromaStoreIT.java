package io.kailash.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.similarity.VectorStore.Entry;
import io.kailash.stack.Needs;
import io.kailash.stack.RunningService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.Test;

@Needs("chroma")
class ChromaStoreIT extends VectorStoreContract {
  private static final CloseableHttpClient HTTP =
      HttpClients.custom().disableAutomaticRetries().build();

  @Override
  ChromaStore open() {
    return at(RunningService.get().addresses().chroma().orElseThrow(), true);
  }

  @Override
  String name() {
    return "chroma";
  }

  private ChromaStore at(URI address, boolean reachable) {
    return new ChromaStore(
        HTTP, address, LuceneStoreTest.settings(Optional.empty()), timings, () -> reachable);
  }

  @Test
  void anotherInstancesClearingIsNoticed() {
    store.upsert(collection, List.of(new Entry("a", direction(1, 0), 1)));
    ChromaStore other = open();
    other.clear(collection);
    assertThat(store.count(collection)).isZero();
    other.clear(collection);
    store.upsert(collection, List.of(new Entry("b", direction(1, 0, 0), 1)));
    assertThat(other.count(collection)).isEqualTo(1);
  }

  @Test
  void nothingBehindTheAddressIsToldAsDown() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ChromaStore nowhere = at(URI.create("http://127.0.0.1:" + port), true);
    assertThatThrownBy(() -> nowhere.nearest(collection, direction(1, 0), 1, Set.of()))
        .isInstanceOf(VectorStoreDown.class);
    assertThatThrownBy(
            () -> nowhere.upsert(collection, List.of(new Entry("a", direction(1, 0), 1))))
        .isInstanceOf(VectorStoreDown.class);
    assertThatThrownBy(() -> nowhere.clear(collection)).isInstanceOf(VectorStoreDown.class);
  }

  @Test
  void aServerThatTakesTheCallAndIsSilentIsToldAsDown() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ChromaStore store = at(URI.create("http://127.0.0.1:" + silent.getLocalPort()), true);
      assertThatThrownBy(() -> store.count("silent"))
          .isInstanceOf(VectorStoreDown.class)
          .hasMessageNotContaining("127.0.0.1");
    }
  }

  @Test
  void noReaderWaitsForAServerThatIsKnownToBeLost() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ChromaStore lost = at(URI.create("http://127.0.0.1:" + silent.getLocalPort()), false);
      timed.clear();
      assertThatThrownBy(() -> lost.nearest(collection, direction(1, 0), 1, Set.of()))
          .isInstanceOf(VectorStoreDown.class);
      assertThatThrownBy(() -> lost.similar(collection, "a", 1, Set.of()))
          .isInstanceOf(VectorStoreDown.class);
      assertThat(timed).isEmpty();
    }
  }
}
