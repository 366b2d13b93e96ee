package io.kailash.stack;

/** Which vector store is asked for. */
public enum VectorChoice {
  /** ChromaDB where it can run, else Lucene inside the service. */
  AUTO,
  /** ChromaDB or no start at all. */
  CHROMA,
  /** Lucene inside the service. */
  LUCENE
}
