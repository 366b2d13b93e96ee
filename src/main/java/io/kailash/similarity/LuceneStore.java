package io.kailash.similarity;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/**
 * Vectors in this process, by Lucene's graph search (HNSW, Malkov and Yashunin 2016, arXiv
 * 1603.09320); one index for each collection, a folder each. For one instance: a second one on the
 * same folder finds it locked and keeps its own vectors in a temporary folder.
 *
 * <p>What is written is found at once, and on the disk after the next {@link #commit}; a crash
 * loses what came after the last one. An index that cannot be read is begun anew.
 */
final class LuceneStore implements VectorStore, AutoCloseable {
  static final String STORE = "lucene";

  private static final Logger LOG = Logger.getLogger(LuceneStore.class.getName());
  private static final String ID = "id";
  private static final String VERSION = "version";
  private static final String VECTOR = "vector";

  private final Path folder;
  private final int candidates;
  private final Timings timings;
  private final Map<String, Index> indexes = new ConcurrentHashMap<>();
  private final List<Path> temporary = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  LuceneStore(SimilaritySettings settings, Timings timings) {
    this.candidates = settings.candidates();
    this.timings = timings;
    try {
      folder =
          settings.folder().isPresent()
              ? Files.createDirectories(settings.folder().get())
              : temporaryFolder();
    } catch (IOException failure) {
      throw new UncheckedIOException("the folder of the vectors cannot be made", failure);
    }
  }

  @Override
  public void upsert(String collection, List<Entry> entries) {
    Index index = index(collection);
    Map<String, Entry> last = new LinkedHashMap<>();
    entries.forEach(entry -> last.put(entry.id(), entry));
    timed(
        "store",
        () -> {
          for (Entry entry : last.values()) {
            index.requireDimensions(entry.vector());
            Document document = new Document();
            document.add(new StringField(ID, entry.id(), Field.Store.NO));
            document.add(new BinaryDocValuesField(ID, new BytesRef(entry.id())));
            document.add(new NumericDocValuesField(VERSION, entry.version()));
            document.add(
                new KnnFloatVectorField(
                    VECTOR, entry.vector(), VectorSimilarityFunction.DOT_PRODUCT));
            index.writer.updateDocument(new Term(ID, entry.id()), document);
          }
          index.changed();
          return null;
        });
  }

  @Override
  public void remove(String collection, Collection<String> ids) {
    Index index = index(collection);
    timed(
        "store",
        () -> {
          index.writer.deleteDocuments(
              ids.stream().map(id -> new Term(ID, id)).toArray(Term[]::new));
          index.changed();
          return null;
        });
  }

  @Override
  public List<Neighbour> nearest(String collection, float[] vector, int limit, Set<String> except) {
    VectorStore.requireLengthOne(vector);
    Index index = index(collection);
    return timed(
        "search", () -> index.read(searcher -> nearest(searcher, vector, limit, except, null)));
  }

  @Override
  public Optional<List<Neighbour>> similar(
      String collection, String id, int limit, Set<String> except) {
    Index index = index(collection);
    return timed(
        "similarity",
        () ->
            index.read(
                searcher -> {
                  Optional<float[]> vector = vector(searcher, id);
                  return vector.isEmpty()
                      ? Optional.empty()
                      : Optional.of(nearest(searcher, vector.get(), limit, except, id));
                }));
  }

  private List<Neighbour> nearest(
      IndexSearcher searcher, float[] vector, int limit, Set<String> except, String itself)
      throws IOException {
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FieldInfo field = leaf.reader().getFieldInfos().fieldInfo(VECTOR);
      if (field != null && field.getVectorDimension() != vector.length) {
        throw wrongDimensions(vector.length, field.getVectorDimension());
      }
    }
    int left = except.size() + (itself == null ? 0 : 1);
    int wanted = Math.max(candidates, (int) Math.min(Integer.MAX_VALUE / 2, (long) limit + left));
    wanted = Math.max(1, Math.min(wanted, searcher.getIndexReader().numDocs()));
    TopDocs found = searcher.search(new KnnFloatVectorQuery(VECTOR, vector, wanted), wanted);
    List<Neighbour> nearest = new ArrayList<>();
    for (ScoreDoc hit : found.scoreDocs) {
      String id = id(searcher, hit.doc);
      if (!id.equals(itself) && !except.contains(id)) {
        // Lucene's score of a cosine c is (1 + c) / 2.
        nearest.add(new Neighbour(id, 2.0 * hit.score - 1));
        if (nearest.size() == limit) {
          break;
        }
      }
    }
    return nearest;
  }

  private static String id(IndexSearcher searcher, int document) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
    BinaryDocValues ids = leaf.reader().getBinaryDocValues(ID);
    if (!ids.advanceExact(document - leaf.docBase)) {
      throw new IOException("an entry has no id");
    }
    return ids.binaryValue().utf8ToString();
  }

  @Override
  public Optional<float[]> vector(String collection, String id) {
    Index index = index(collection);
    return timed("collection", () -> index.read(searcher -> vector(searcher, id)));
  }

  private static Optional<float[]> vector(IndexSearcher searcher, String id) throws IOException {
    TopDocs found = searcher.search(new TermQuery(new Term(ID, id)), 1);
    if (found.scoreDocs.length == 0) {
      return Optional.empty();
    }
    int document = found.scoreDocs[0].doc;
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
    FloatVectorValues vectors = leaf.reader().getFloatVectorValues(VECTOR);
    if (vectors.advance(document - leaf.docBase) != document - leaf.docBase) {
      throw new IOException("an entry has no vector");
    }
    return Optional.of(vectors.vectorValue().clone());
  }

  @Override
  public long count(String collection) {
    Index index = index(collection);
    return timed(
        "collection", () -> index.read(searcher -> (long) searcher.getIndexReader().numDocs()));
  }

  @Override
  public void forEach(String collection, BiConsumer<String, Long> idAndVersion) {
    Index index = index(collection);
    timed(
        "collection",
        () ->
            index.read(
                searcher -> {
                  for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
                    BinaryDocValues ids = leaf.reader().getBinaryDocValues(ID);
                    NumericDocValues versions = leaf.reader().getNumericDocValues(VERSION);
                    Bits live = leaf.reader().getLiveDocs();
                    for (int i = 0; i < leaf.reader().maxDoc(); i++) {
                      if ((live == null || live.get(i))
                          && ids.advanceExact(i)
                          && versions.advanceExact(i)) {
                        idAndVersion.accept(ids.binaryValue().utf8ToString(), versions.longValue());
                      }
                    }
                  }
                  return null;
                }));
  }

  @Override
  public void clear(String collection) {
    Index index = index(collection);
    timed(
        "collection",
        () -> {
          index.empty();
          return null;
        });
  }

  /** Brings to the disk what has changed since the last time. */
  void commit() {
    indexes.values().forEach(Index::commit);
  }

  @Override
  public synchronized void close() {
    closed = true;
    indexes.values().forEach(Index::close);
    indexes.clear();
    for (Path own : temporary) {
      try {
        delete(own);
      } catch (IOException left) {
        LOG.log(Level.WARNING, "temporary vectors could not be removed", left);
      }
    }
    temporary.clear();
  }

  private Index index(String collection) {
    Index known = indexes.get(collection);
    if (known != null) {
      return known;
    }
    CollectionName.check(collection);
    return open(collection);
  }

  private synchronized Index open(String collection) {
    if (closed) {
      throw new VectorStoreDown("the service stops", null);
    }
    return indexes.computeIfAbsent(
        collection,
        name -> {
          try {
            return opened(name);
          } catch (IOException failure) {
            throw new VectorStoreDown("the vectors cannot be opened", failure);
          }
        });
  }

  private Path temporaryFolder() throws IOException {
    Path made = Files.createTempDirectory("kailash-vectors");
    temporary.add(made);
    return made;
  }

  private Index opened(String name) throws IOException {
    Path place = folder.resolve(name);
    try {
      return new Index(place, IndexWriterConfig.OpenMode.CREATE_OR_APPEND);
    } catch (LockObtainFailedException inUse) {
      Path own = temporaryFolder().resolve(name);
      LOG.log(
          Level.WARNING,
          "the vectors in {0} are in use by another instance; this one keeps its own, empty at"
              + " first; use ChromaDB for several instances",
          place);
      return new Index(own, IndexWriterConfig.OpenMode.CREATE);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | NoSuchFileException
        | EOFException unreadable) {
      LOG.log(Level.WARNING, "the vectors in " + place + " cannot be read; begun anew", unreadable);
      // Opening for creation would read the old index once more.
      delete(place);
      return new Index(place, IndexWriterConfig.OpenMode.CREATE);
    }
  }

  private static void delete(Path place) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(place)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private <T> T timed(String operation, Callable<T> work) {
    try {
      return timings.time(STORE, operation, work);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new VectorStoreDown("the vectors on the disk cannot be used", failure);
    }
  }

  private static IllegalArgumentException wrongDimensions(int given, int known) {
    return new IllegalArgumentException(
        "a vector has " + given + " dimensions, those of the collection have " + known);
  }

  /** Something to do with what is there at one moment. */
  private interface Reading<T> {
    T of(IndexSearcher searcher) throws IOException;
  }

  /** One collection. */
  private static final class Index {
    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final AtomicLong changes = new AtomicLong();
    private volatile long shown;
    private volatile long committed;
    private int dimensions;

    Index(Path place, IndexWriterConfig.OpenMode mode) throws IOException {
      directory = FSDirectory.open(place);
      IndexWriterConfig config = new IndexWriterConfig();
      config.setOpenMode(mode);
      config.setRAMBufferSizeMB(64);
      config.setCommitOnClose(true);
      boolean opened = false;
      IndexWriter made = null;
      try {
        made = new IndexWriter(directory, config);
        searchers = new SearcherManager(made, null);
        opened = true;
      } finally {
        if (!opened) {
          if (made != null) {
            made.rollback();
          }
          directory.close();
        }
      }
      writer = made;
      dimensions = storedDimensions();
    }

    private int storedDimensions() throws IOException {
      return read(
          searcher -> {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
              FieldInfo field = leaf.reader().getFieldInfos().fieldInfo(VECTOR);
              if (field != null && leaf.reader().numDocs() > 0) {
                return field.getVectorDimension();
              }
            }
            return 0;
          });
    }

    synchronized void requireDimensions(float[] vector) {
      if (dimensions == 0) {
        dimensions = vector.length;
      } else if (dimensions != vector.length) {
        throw wrongDimensions(vector.length, dimensions);
      }
    }

    void changed() {
      changes.incrementAndGet();
    }

    synchronized void empty() throws IOException {
      // Only this also forgets how many dimensions the vectors had.
      writer.deleteAll();
      dimensions = 0;
      changed();
    }

    <T> T read(Reading<T> reading) throws IOException {
      // Read before the refresh: what changes during it may be missed by it.
      long made = changes.get();
      if (shown < made) {
        searchers.maybeRefreshBlocking();
        shown = made;
      }
      IndexSearcher searcher = searchers.acquire();
      try {
        return reading.of(searcher);
      } finally {
        searchers.release(searcher);
      }
    }

    synchronized void commit() {
      long made = changes.get();
      if (committed == made || !writer.isOpen()) {
        return;
      }
      try {
        writer.commit();
        committed = made;
      } catch (IOException failure) {
        throw new UncheckedIOException("vectors could not be brought to the disk", failure);
      }
    }

    synchronized void close() {
      try {
        searchers.close();
        writer.close();
        directory.close();
      } catch (IOException failure) {
        throw new UncheckedIOException("vectors could not be closed", failure);
      }
    }
  }
}
