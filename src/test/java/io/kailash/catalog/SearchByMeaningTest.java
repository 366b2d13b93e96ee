package io.kailash.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.similarity.Embeddings;
import io.kailash.similarity.VectorStore;
import io.kailash.similarity.VectorStoreDown;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class SearchByMeaningTest {
  private static final Settings DEFAULTS =
      new Settings(
          (Config)
              Proxy.newProxyInstance(
                  Config.class.getClassLoader(),
                  new Class<?>[] {Config.class},
                  (proxy, method, arguments) -> Optional.empty()));

  private static VectorStore lost() {
    return (VectorStore)
        Proxy.newProxyInstance(
            VectorStore.class.getClassLoader(),
            new Class<?>[] {VectorStore.class},
            (proxy, method, arguments) -> {
              throw new VectorStoreDown("the vector store is not reached", null);
            });
  }

  @Test
  void withoutVectorsTheAnswerIsThatItIsDownForNow() {
    SearchByMeaning search = new SearchByMeaning(new Embeddings(DEFAULTS), lost(), null, null);
    ProblemException problem =
        catchThrowableOfType(ProblemException.class, () -> search.of("lamp", 5));
    assertThat(problem.problem().status()).isEqualTo(503);
    assertThat(problem.problem().detail()).contains("the vector store is not reached");
  }
}
