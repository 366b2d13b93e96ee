package io.kailash.platform;

import java.net.URI;
import java.util.Optional;

/**
 * Which vector store runs.
 *
 * @param store {@code kailash.vectors}, {@code chroma} or {@code lucene}; without it ChromaDB where
 *     its address is set, else Lucene
 * @param chroma address of ChromaDB, {@code kailash.chroma.url}; empty with Lucene
 */
public record VectorSettings(Store store, Optional<URI> chroma) {
  /** The two stores that keep vectors. */
  public enum Store {
    /** ChromaDB, a server of its own. */
    CHROMA("chroma"),
    /** Lucene, inside this process. */
    LUCENE("lucene");

    private final String text;

    Store(String text) {
      this.text = text;
    }

    /** As settings and answers write it. */
    public String text() {
      return text;
    }
  }

  static VectorSettings read(Settings settings) {
    boolean addressed = settings.optional("kailash.chroma.url").isPresent();
    String wanted = settings.text("kailash.vectors", addressed ? "chroma" : "lucene");
    return switch (wanted) {
      case "chroma" ->
          new VectorSettings(
              Store.CHROMA,
              Optional.of(
                  Addresses.read(
                      settings, "kailash.chroma.url", "http://127.0.0.1:8000", "http", "https")));
      case "lucene" -> new VectorSettings(Store.LUCENE, Optional.empty());
      default ->
          throw new InvalidSettingException(
              "kailash.vectors", "'" + wanted + "' is neither chroma nor lucene", null);
    };
  }
}
