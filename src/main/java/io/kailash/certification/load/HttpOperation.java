package io.kailash.certification.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.load.HttpTarget.Reply;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/** Requests over REST, each with what a right answer must hold. */
abstract class HttpOperation implements Operation {

  /** What is true of the deployment: read once, before the load. */
  static final class Truth {
    private static final int PAGE = 200;
    private final HttpTarget target;
    private final String taxonomy;
    private final int items;
    private final GeneratedCatalog catalog;
    private final Set<String> categories = new HashSet<>();
    private final Zipf titles = new Zipf(GeneratedCatalog.TITLES, 0.8);
    private final Zipf held;
    private final Zipf users;
    private final ConcurrentHashMap<String, Boolean> others = new ConcurrentHashMap<>();

    private Truth(HttpTarget target, GeneratedCatalog catalog, LoadOrder order) {
      this.target = target;
      this.catalog = catalog;
      this.taxonomy = order.taxonomy();
      this.items = order.items();
      this.held = new Zipf(items, 0.8);
      this.users = new Zipf(usersFor(items), 0.5);
    }

    /** How many users have a history in a deployment with so many items. */
    static int usersFor(int items) {
      return items * 4;
    }

    static Truth of(HttpTarget target, GeneratedCatalog catalog, LoadOrder order)
        throws IOException {
      Truth truth = new Truth(target, catalog, order);
      String path = "/api/v1/taxonomies/" + order.taxonomy() + "/categories?limit=" + PAGE;
      String cursor = "";
      do {
        JsonNode page = target.get(path + cursor);
        page.path("items")
            .forEach(category -> truth.categories.add(category.path("code").asText()));
        cursor =
            page.hasNonNull("next_cursor")
                ? "&cursor=" + encoded(page.get("next_cursor").asText())
                : "";
      } while (!cursor.isEmpty());
      if (truth.categories.isEmpty()) {
        throw new IOException("taxonomy '" + order.taxonomy() + "' has no categories");
      }
      return truth;
    }

    String taxonomy() {
      return taxonomy;
    }

    int items() {
      return items;
    }

    /** An item of the whole generated catalog, popular ones more often. */
    GeneratedCatalog.Item anyItem(SplittableRandom random) {
      return catalog.item(titles.draw(random));
    }

    /** The sku of an item that the deployment holds, popular ones more often. */
    String heldSku(SplittableRandom random) {
      return GeneratedCatalog.sku(held.draw(random));
    }

    /** Whether an item may be recommended: it exists and is not hidden. */
    boolean mayBeShown(String sku) throws IOException {
      OptionalInt number = GeneratedCatalog.number(sku);
      if (number.isPresent()) {
        return number.getAsInt() < items && !GeneratedCatalog.isHidden(number.getAsInt());
      }
      Boolean known = others.get(sku);
      if (known == null) {
        // Not of ours: looked up once, after the answer was timed.
        Reply reply = target.send(target.request("GET", "/api/v1/items/" + encoded(sku), 30));
        known = reply.status() == 200 && !target.read(reply.body()).path("hidden").asBoolean(true);
        others.put(sku, known);
      }
      return known;
    }
  }

  final HttpTarget target;
  final Truth truth;

  HttpOperation(HttpTarget target, Truth truth) {
    this.target = target;
    this.truth = truth;
  }

  abstract HttpUriRequestBase draw(SplittableRandom random) throws IOException;

  /** See {@link Answer#wrong}; only asked when the status is 200. */
  abstract String wrong(JsonNode body) throws IOException;

  boolean isExpected(int status) {
    return status == 200;
  }

  @Override
  public Request next(SplittableRandom random) throws IOException {
    HttpUriRequestBase request = draw(random);
    return () -> new HttpAnswer(target.send(request));
  }

  private final class HttpAnswer implements Answer {
    private final Reply reply;
    private JsonNode body;

    HttpAnswer(Reply reply) {
      this.reply = reply;
    }

    @Override
    public String code() {
      return Integer.toString(reply.status());
    }

    @Override
    public long bytes() {
      return reply.body().length;
    }

    @Override
    public long sentBytes() {
      return reply.sentBytes();
    }

    @Override
    public long firstByteNanos() {
      return reply.firstByteNanos();
    }

    @Override
    public String wrong() throws IOException {
      if (!isExpected(reply.status())) {
        return "status " + reply.status();
      }
      if (reply.body().length == 0) {
        return "empty answer";
      }
      try {
        body = target.read(reply.body());
      } catch (IOException e) {
        return "answer is no JSON";
      }
      return HttpOperation.this.wrong(body);
    }

    @Override
    public boolean degraded() {
      return body != null && body.path("degraded").size() > 0;
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** One item into the taxonomy. */
  static final class Classify extends HttpOperation {
    Classify(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    HttpUriRequestBase draw(SplittableRandom random) throws IOException {
      return target.request(
          "POST", "/api/v1/classify", 5, "application/json", target.write(question(random)));
    }

    private ObjectNode question(SplittableRandom random) {
      GeneratedCatalog.Item item = truth.anyItem(random);
      ObjectNode question = LoadOrder.json().createObjectNode();
      question.put("taxonomy", truth.taxonomy).put("title", item.title());
      if (random.nextInt(5) > 0) {
        question.put("brand", item.brand());
      }
      if (!item.description().isEmpty()) {
        question.put("description", item.description());
      }
      return question;
    }

    @Override
    String wrong(JsonNode body) {
      return wrongClassification(truth, body);
    }
  }

  static String wrongClassification(Truth truth, JsonNode body) {
    String category = body.path("category").path("code").asText();
    if (!truth.categories.contains(category)) {
      return "category is none of the taxonomy's";
    }
    JsonNode confidence = body.path("confidence");
    if (!confidence.isNumber() || !(confidence.asDouble() >= 0 && confidence.asDouble() <= 1)) {
      return "confidence is not between 0 and 1";
    }
    if (!body.path("taxonomy").asText().equals(truth.taxonomy)) {
      return "answer is about another taxonomy";
    }
    for (JsonNode alternative : body.path("alternatives")) {
      if (!truth.categories.contains(alternative.path("code").asText())) {
        return "alternative is none of the taxonomy's";
      }
    }
    return null;
  }

  /** Items for a user, for an item that is looked at, or both. */
  static final class Recommend extends HttpOperation {
    private static final int LIMIT = 10;

    Recommend(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    HttpUriRequestBase draw(SplittableRandom random) {
      int kind = random.nextInt(10);
      StringBuilder path = new StringBuilder("/api/v1/recommend?limit=" + LIMIT);
      if (kind < 7) {
        // One in ten of the users has never been seen.
        int user =
            random.nextInt(10) == 0
                ? Truth.usersFor(truth.items) + random.nextInt(1 << 29)
                : truth.users.draw(random);
        path.append("&user=").append(GeneratedCatalog.user(user));
      }
      if (kind >= 5) {
        path.append("&item=").append(GeneratedCatalog.sku(truth.held.draw(random)));
      }
      return target.request("GET", path.toString(), 10);
    }

    @Override
    String wrong(JsonNode body) throws IOException {
      if (body.path("id").asText().isEmpty()) {
        return "recommendation has no id";
      }
      JsonNode items = body.path("items");
      if (!items.isArray() || items.isEmpty()) {
        return "nothing is recommended";
      }
      if (items.size() > LIMIT) {
        return "more is recommended than was asked for";
      }
      Set<String> seen = new HashSet<>();
      for (JsonNode item : items) {
        String sku = item.path("sku").asText();
        if (!seen.add(sku)) {
          return "an item is recommended twice";
        }
        if (!item.path("score").isNumber()) {
          return "score is no number";
        }
        if (!truth.mayBeShown(sku)) {
          return "what is recommended is hidden or does not exist";
        }
      }
      return null;
    }
  }

  /** The health of the service. */
  static final class Health extends HttpOperation {
    Health(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    HttpUriRequestBase draw(SplittableRandom random) {
      return target.request("GET", "/health", 1);
    }

    @Override
    String wrong(JsonNode body) {
      if (!body.path("status").asText().equals("UP")) {
        return "health is not UP";
      }
      return body.path("checks").isEmpty() ? "no health check is named" : null;
    }
  }

  /** One item of the catalog. */
  static final class ReadItem extends HttpOperation {
    private String asked = "";

    ReadItem(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    HttpUriRequestBase draw(SplittableRandom random) {
      asked = GeneratedCatalog.sku(truth.held.draw(random));
      return target.request("GET", "/api/v1/items/" + asked, 5);
    }

    @Override
    String wrong(JsonNode body) {
      if (!body.path("sku").asText().equals(asked)) {
        return "another item is answered";
      }
      return body.path("title").asText().isEmpty() ? "item has no title" : null;
    }
  }

  /** What administrators do: they look at models, jobs, keys, and correct labels. */
  static final class Administer extends HttpOperation {
    private static final String[] LISTS = {
      "/api/v1/models?limit=5", "/api/v1/jobs?limit=5", "/api/v1/clients", "/api/v1/taxonomies"
    };
    private boolean labels;
    private String expected = "";

    Administer(HttpTarget target, Truth truth) {
      super(target, truth);
    }

    @Override
    HttpUriRequestBase draw(SplittableRandom random) throws IOException {
      labels = random.nextInt(5) == 0;
      if (!labels) {
        return target.request("GET", LISTS[random.nextInt(LISTS.length)], 5);
      }
      int number = truth.held.draw(random);
      expected = truth.catalog.item(number).category();
      if (!truth.categories.contains(expected)) {
        expected = truth.categories.iterator().next();
      }
      return target.request(
          "PUT",
          "/api/v1/items/" + GeneratedCatalog.sku(number) + "/labels/" + truth.taxonomy,
          5,
          "application/json",
          target.write(LoadOrder.json().createObjectNode().put("category", expected)));
    }

    @Override
    String wrong(JsonNode body) {
      if (labels) {
        return body.path("category").asText().equals(expected) ? null : "another label is answered";
      }
      return body.path("items").isArray() || body.isArray() ? null : "no list is answered";
    }

    @Override
    boolean isExpected(int status) {
      return status == 200 || (labels && status == 201);
    }
  }
}
