package io.kailash.certification.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;

/** The classes of operations on ChromaDB, by its REST interface, in a collection of their own. */
final class ChromaOperations implements AutoCloseable {
  /** Items that resemble each other. */
  static final int GROUP = 100;

  private static final int DIMENSIONS = 384;
  private static final int ROWS_AT_ONCE = 2_000;
  private static final String COLLECTIONS =
      "/api/v2/tenants/default_tenant/databases/default_database/collections";
  private final HttpTarget http;
  private final int items;
  private String place;

  ChromaOperations(URI address, int items, int threads) {
    this.items = items;
    http = new HttpTarget(address, null, threads + 8);
  }

  private JsonNode post(String path, JsonNode body) throws IOException {
    HttpTarget.Reply reply =
        http.send(http.request("POST", path, 300, "application/json", http.write(body)));
    if (reply.status() >= 300) {
      throw new IOException(path + " answers " + reply.status());
    }
    return http.read(reply.body());
  }

  void fill() throws IOException {
    http.send(http.request("DELETE", COLLECTIONS + "/load_operations", 30));
    ObjectNode wanted = LoadOrder.json().createObjectNode();
    wanted.put("name", "load_operations").put("get_or_create", true);
    wanted
        .putObject("configuration")
        .putObject("hnsw")
        .put("space", "cosine")
        .put("ef_search", 100);
    place = COLLECTIONS + "/" + post(COLLECTIONS, wanted).path("id").asText();
    for (int from = 0; from < items; from += ROWS_AT_ONCE) {
      ObjectNode rows = LoadOrder.json().createObjectNode();
      ArrayNode ids = rows.putArray("ids");
      ArrayNode embeddings = rows.putArray("embeddings");
      for (int i = from; i < Math.min(items, from + ROWS_AT_ONCE); i++) {
        ids.add("m" + i);
        embeddings.add(around(i / GROUP, new SplittableRandom(i)));
      }
      post(place + "/upsert", rows);
    }
  }

  /** Vectors in groups, as those of texts are: a centre and some noise. */
  private static ArrayNode around(int group, SplittableRandom random) {
    SplittableRandom centre = new SplittableRandom(group * 31L + 7);
    ArrayNode vector = LoadOrder.json().createArrayNode();
    for (int d = 0; d < DIMENSIONS; d++) {
      vector.add((float) (centre.nextDouble() - 0.5 + 0.7 * (random.nextDouble() - 0.5)));
    }
    return vector;
  }

  Operation nearest(int limit) {
    return random -> {
      ObjectNode query = LoadOrder.json().createObjectNode().put("n_results", limit);
      query.putArray("query_embeddings").add(around(random.nextInt(items / GROUP), random.split()));
      query.putArray("include");
      byte[] body = http.write(query);
      return () -> {
        HttpTarget.Reply reply =
            http.send(http.request("POST", place + "/query", 5, "application/json", body));
        int found = reply.status() == 200 ? http.read(reply.body()).path("ids").path(0).size() : -1;
        return looked(reply, found == limit ? null : "not as many neighbours as asked for");
      };
    };
  }

  Operation storing() {
    return random -> {
      ObjectNode row = LoadOrder.json().createObjectNode();
      row.putArray("ids").add("new" + random.nextInt(1 << 30));
      row.putArray("embeddings").add(around(random.nextInt(items / GROUP), random.split()));
      byte[] body = http.write(row);
      return () -> {
        HttpTarget.Reply reply =
            http.send(http.request("POST", place + "/upsert", 5, "application/json", body));
        return looked(reply, reply.status() < 300 ? null : "status " + reply.status());
      };
    };
  }

  private static Operation.Looked looked(HttpTarget.Reply reply, String wrong) {
    return new Operation.Looked(
        Integer.toString(reply.status()),
        reply.body().length,
        reply.sentBytes(),
        0,
        wrong,
        List.of());
  }

  Operation counting() {
    return random ->
        () -> {
          HttpTarget.Reply reply = http.send(http.request("GET", place + "/count", 5));
          boolean right = reply.status() == 200 && http.read(reply.body()).asLong(-1) >= items;
          return looked(reply, right ? null : "fewer rows than there are");
        };
  }

  @Override
  public void close() throws IOException {
    http.send(http.request("DELETE", COLLECTIONS + "/load_operations", 30));
    http.close();
  }
}
