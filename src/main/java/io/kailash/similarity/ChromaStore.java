package io.kailash.similarity;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kailash.platform.OutgoingHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Vectors in ChromaDB, by its REST API version 2. One collection for each purpose: a filter within
 * a collection makes a search ten times slower.
 *
 * <p>ChromaDB names collections by ids that it gives. They are kept here; when one is no longer
 * known there, because another instance has cleared the collection, it is looked up and the call is
 * made on the new one. Nothing else is repeated.
 */
final class ChromaStore implements VectorStore {
  static final String STORE = "chroma";

  /** More rows in one call are refused. */
  private static final int MAX_ROWS = 5461;

  private static final String DATABASE =
      "/api/v2/tenants/default_tenant/databases/default_database/collections";

  /** Answers are ids, figures and at most a vector; this is far beyond 5 461 of them. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final HttpClient http;
  private final URI base;
  private final Duration searchTimeout;
  private final Duration writeTimeout;
  private final Timings timings;
  private final BooleanSupplier reachable;
  private final Map<String, String> ids = new ConcurrentHashMap<>();

  /**
   * A client of one server.
   *
   * @param address of the server
   * @param reachable whether it answered lately; where it did not, no reader waits for it
   */
  ChromaStore(
      OutgoingHttp http,
      URI address,
      SimilaritySettings settings,
      Timings timings,
      BooleanSupplier reachable) {
    this(http.client(), address, settings, timings, reachable);
  }

  ChromaStore(
      HttpClient http,
      URI address,
      SimilaritySettings settings,
      Timings timings,
      BooleanSupplier reachable) {
    this.http = http;
    this.base = URI.create(address.toString().replaceAll("/+$", "") + DATABASE);
    this.searchTimeout = settings.searchTimeout();
    this.writeTimeout = settings.writeTimeout();
    this.timings = timings;
    this.reachable = reachable;
  }

  @Override
  public void upsert(String collection, List<Entry> entries) {
    // The server keeps any of several entries with the same id in one call.
    Map<String, Entry> last = new LinkedHashMap<>();
    entries.forEach(entry -> last.put(entry.id(), entry));
    List<Entry> rows = List.copyOf(last.values());
    for (int from = 0; from < rows.size(); from += MAX_ROWS) {
      List<Entry> some = rows.subList(from, Math.min(rows.size(), from + MAX_ROWS));
      byte[] body =
          json(
              generator -> {
                writeIds(generator, some.stream().map(Entry::id).toList());
                generator.writeArrayFieldStart("embeddings");
                for (Entry entry : some) {
                  writeVector(generator, entry.vector());
                }
                generator.writeEndArray();
                generator.writeArrayFieldStart("metadatas");
                for (Entry entry : some) {
                  generator.writeStartObject();
                  generator.writeNumberField("version", entry.version());
                  generator.writeEndObject();
                }
                generator.writeEndArray();
              });
      timed("store", () -> in(collection, id -> post(id + "/upsert", body, writeTimeout)));
    }
  }

  @Override
  public void remove(String collection, Collection<String> removed) {
    List<String> rows = List.copyOf(removed);
    for (int from = 0; from < rows.size(); from += MAX_ROWS) {
      List<String> some = rows.subList(from, Math.min(rows.size(), from + MAX_ROWS));
      byte[] body = json(generator -> writeIds(generator, some));
      timed("remove", () -> in(collection, id -> post(id + "/delete", body, writeTimeout)));
    }
  }

  @Override
  public List<Neighbour> nearest(String collection, float[] vector, int limit, Set<String> except) {
    VectorStore.requireLengthOne(vector);
    requireReachable();
    return timed("search", () -> query(collection, vector, limit, except, null));
  }

  @Override
  public Optional<List<Neighbour>> similar(
      String collection, String id, int limit, Set<String> except) {
    Optional<float[]> vector = vector(collection, id);
    return vector.map(
        known -> timed("similarity", () -> query(collection, known, limit, except, id)));
  }

  /** Two calls for all of them, where one after the other they would be two for each. */
  @Override
  public Map<String, List<Neighbour>> similar(
      String collection, Collection<String> wanted, int limit) {
    requireReachable();
    Map<String, List<Neighbour>> found = new HashMap<>();
    List<String> all = List.copyOf(wanted);
    for (int from = 0; from < all.size(); from += MAX_ROWS) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MAX_ROWS));
      found.putAll(queryAll(collection, some, limit));
    }
    return found;
  }

  private Map<String, List<Neighbour>> queryAll(String collection, List<String> wanted, int limit) {
    byte[] which =
        json(
            generator -> {
              writeIds(generator, wanted);
              generator.writeArrayFieldStart("include");
              generator.writeString("embeddings");
              generator.writeEndArray();
            });
    JsonNode stored =
        timed("collection", () -> in(collection, id -> post(id + "/get", which, searchTimeout)));
    JsonNode ids = stored.path("ids");
    if (ids.isEmpty()) {
      return Map.of();
    }
    byte[] body =
        json(
            generator -> {
              generator.writeFieldName("query_embeddings");
              generator.writeTree(stored.path("embeddings"));
              generator.writeNumberField("n_results", limit + 1);
              generator.writeArrayFieldStart("include");
              generator.writeString("distances");
              generator.writeEndArray();
            });
    JsonNode answer =
        timed("similarity", () -> in(collection, id -> post(id + "/query", body, searchTimeout)));
    Map<String, List<Neighbour>> found = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i).asText();
      found.put(
          id,
          neighbours(
              answer.path("ids").path(i), answer.path("distances").path(i), limit, Set.of(), id));
    }
    return found;
  }

  private static List<Neighbour> neighbours(
      JsonNode found, JsonNode distances, int limit, Set<String> except, String itself) {
    List<Neighbour> nearest = new ArrayList<>();
    for (int i = 0; i < found.size() && nearest.size() < limit; i++) {
      String id = found.get(i).asText();
      if (!id.equals(itself) && !except.contains(id)) {
        nearest.add(new Neighbour(id, 1 - distances.path(i).asDouble()));
      }
    }
    return nearest;
  }

  private List<Neighbour> query(
      String collection, float[] vector, int limit, Set<String> except, String itself)
      throws IOException {
    int wanted = (int) Math.min(100_000, (long) limit + except.size() + (itself == null ? 0 : 1));
    byte[] body =
        json(
            generator -> {
              generator.writeArrayFieldStart("query_embeddings");
              writeVector(generator, vector);
              generator.writeEndArray();
              generator.writeNumberField("n_results", wanted);
              generator.writeArrayFieldStart("include");
              generator.writeString("distances");
              generator.writeEndArray();
            });
    JsonNode answer = in(collection, id -> post(id + "/query", body, searchTimeout));
    return neighbours(
        answer.path("ids").path(0), answer.path("distances").path(0), limit, except, itself);
  }

  @Override
  public Optional<float[]> vector(String collection, String id) {
    requireReachable();
    return timed("collection", () -> stored(collection, id));
  }

  private Optional<float[]> stored(String collection, String id) throws IOException {
    byte[] body =
        json(
            generator -> {
              writeIds(generator, List.of(id));
              generator.writeArrayFieldStart("include");
              generator.writeString("embeddings");
              generator.writeEndArray();
            });
    JsonNode row =
        in(collection, place -> post(place + "/get", body, searchTimeout))
            .path("embeddings")
            .path(0);
    if (!row.isArray()) {
      return Optional.empty();
    }
    float[] vector = new float[row.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) row.get(i).asDouble();
    }
    return Optional.of(vector);
  }

  @Override
  public long count(String collection) {
    return timed(
        "collection",
        () ->
            in(collection, id -> send(new HttpGet(base + "/" + id + "/count"), searchTimeout))
                .asLong());
  }

  @Override
  public void forEach(String collection, BiConsumer<String, Long> idAndVersion) {
    int offset = 0;
    while (true) {
      int from = offset;
      byte[] body =
          json(
              generator -> {
                generator.writeNumberField("limit", MAX_ROWS);
                generator.writeNumberField("offset", from);
                generator.writeArrayFieldStart("include");
                generator.writeString("metadatas");
                generator.writeEndArray();
              });
      JsonNode answer =
          timed("scan", () -> in(collection, id -> post(id + "/get", body, writeTimeout)));
      JsonNode rows = answer.path("ids");
      for (int i = 0; i < rows.size(); i++) {
        idAndVersion.accept(
            rows.get(i).asText(), answer.path("metadatas").path(i).path("version").asLong());
      }
      if (rows.size() < MAX_ROWS) {
        return;
      }
      offset += rows.size();
    }
  }

  @Override
  public void clear(String collection) {
    CollectionName.check(collection);
    timed(
        "collection",
        () -> {
          ids.remove(collection);
          try {
            send(new HttpDelete(base + "/" + collection), writeTimeout);
          } catch (Unknown alreadyGone) {
            return null;
          }
          return null;
        });
  }

  private void requireReachable() {
    if (!reachable.getAsBoolean()) {
      throw new VectorStoreDown("the vector store is not reached", null);
    }
  }

  /** A call that needs the id of the collection. */
  private interface Call {
    JsonNode on(String id) throws IOException;
  }

  private JsonNode in(String collection, Call call) throws IOException {
    String known = ids.get(collection);
    if (known != null) {
      try {
        return call.on(known);
      } catch (Unknown cleared) {
        ids.remove(collection, known);
      }
    }
    return call.on(idOf(collection));
  }

  private String idOf(String collection) throws IOException {
    CollectionName.check(collection);
    byte[] body =
        json(
            generator -> {
              generator.writeStringField("name", collection);
              generator.writeBooleanField("get_or_create", true);
              generator.writeObjectFieldStart("configuration");
              generator.writeObjectFieldStart("hnsw");
              generator.writeStringField("space", "cosine");
              generator.writeNumberField("ef_search", 100);
              generator.writeEndObject();
              generator.writeEndObject();
            });
    String id = post("", body, writeTimeout).path("id").asText();
    if (id.isEmpty()) {
      throw new IOException("a collection was made without an id");
    }
    ids.put(collection, id);
    return id;
  }

  private JsonNode post(String path, byte[] body, Duration timeout) throws IOException {
    HttpPost request = new HttpPost(base + (path.isEmpty() ? "" : "/" + path));
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    return send(request, timeout);
  }

  private JsonNode send(HttpUriRequestBase request, Duration timeout) throws IOException {
    request.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.of(searchTimeout))
            .setResponseTimeout(Timeout.of(timeout))
            .build());
    return http.execute(
        request,
        answer -> {
          byte[] body = new byte[0];
          if (answer.getEntity() != null) {
            try (InputStream content = answer.getEntity().getContent()) {
              body = content.readNBytes(MAX_ANSWER_BYTES + 1);
            }
          }
          if (body.length > MAX_ANSWER_BYTES) {
            throw new IOException("an answer is larger than " + MAX_ANSWER_BYTES + " bytes");
          }
          int status = answer.getCode();
          if (status == 404) {
            throw new Unknown();
          }
          if (status >= 500 || status == 429) {
            throw new IOException("status " + status);
          }
          if (status >= 300) {
            throw new Refused(status, new String(body, StandardCharsets.UTF_8));
          }
          return body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
        });
  }

  private <T> T timed(String operation, Callable<T> work) {
    try {
      return timings.time(STORE, operation, work);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Refused refusal) {
      if (refusal.getMessage().contains("dimension")) {
        throw new IllegalArgumentException(refusal.getMessage(), refusal);
      }
      throw new IllegalStateException("ChromaDB refused a call", refusal);
    } catch (Exception failure) {
      throw new VectorStoreDown("the vector store does not answer as it should", failure);
    }
  }

  /** The collection is not known there. */
  private static final class Unknown extends IOException {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super("status 404");
    }
  }

  /** The call is wrong. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 300;

    Refused(int status, String body) {
      super("status " + status + ": " + body.substring(0, Math.min(SHOWN, body.length())));
    }
  }

  /** Writes the fields of an object. */
  private interface Fields {
    void to(JsonGenerator generator) throws IOException;
  }

  private static byte[] json(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      generator.writeStartObject();
      fields.to(generator);
      generator.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("what is in memory cannot be written as JSON", impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeIds(JsonGenerator generator, List<String> ids) throws IOException {
    generator.writeArrayFieldStart("ids");
    for (String id : ids) {
      generator.writeString(id);
    }
    generator.writeEndArray();
  }

  private static void writeVector(JsonGenerator generator, float[] vector) throws IOException {
    generator.writeStartArray();
    for (float part : vector) {
      generator.writeNumber(part);
    }
    generator.writeEndArray();
  }
}
