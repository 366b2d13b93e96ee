package io.kailash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The taxonomy {@code starter} as a newcomer has it, with the labels of some of its categories and
 * a model, in a service that was started without it. What is written for newcomers can be tried on
 * it word for word.
 */
final class SampleShop {
  static final String TAXONOMY = "starter";

  private static final Path SAMPLE =
      Path.of(System.getProperty("kailash.project", "."), "src", "main", "resources", "starter");
  private static final int ITEMS_PER_CATEGORY = 24;
  private static final List<String> CATEGORIES =
      List.of(
          "diy-tools-drills",
          "home-lighting-lamps",
          "appliances-small-kettles",
          "grocery-drinks-coffee",
          "kitchen-cooking-knives",
          "furniture-living-tables");

  private final RunningService service;

  private SampleShop(RunningService service) {
    this.service = service;
  }

  /** The sample in this service, put there if need be. */
  static SampleShop in(RunningService service) throws Exception {
    SampleShop shop = new SampleShop(service);
    if (service.get("/api/v1/taxonomies/" + TAXONOMY).status() == 404) {
      shop.fill();
    }
    Eventually.until(
        "the first model of the sample",
        () -> service.get("/api/v1/models?taxonomy=" + TAXONOMY).body().contains("\"active\""));
    return shop;
  }

  private void fill() throws IOException {
    expect(
        201,
        service.send(
            service
                .request("/api/v1/taxonomies/" + TAXONOMY + "/versions?name=Sample")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(Files.readString(SAMPLE.resolve("taxonomy.csv"))))));
    List<CSVRecord> items = items();
    for (CSVRecord item : items) {
      Map<String, String> draft = new HashMap<>();
      draft.put("title", item.get("title"));
      for (String field : List.of("brand", "description")) {
        if (!item.get(field).isEmpty()) {
          draft.put(field, item.get(field));
        }
      }
      expect(201, service.put("/api/v1/items/" + item.get("sku"), draft));
    }
    for (CSVRecord item : items) {
      label(item.get("sku"), item.get("category"));
    }
  }

  /** Some items of some categories, the categories taking turns. */
  private static List<CSVRecord> items() throws IOException {
    Map<String, List<CSVRecord>> byCategory = new HashMap<>();
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(SAMPLE.resolve("items.csv"), UTF_8, format)) {
      for (CSVRecord item : parser) {
        byCategory.computeIfAbsent(item.get("category"), code -> new ArrayList<>()).add(item);
      }
    }
    List<CSVRecord> items = new ArrayList<>();
    for (int i = 0; i < ITEMS_PER_CATEGORY; i++) {
      for (String category : CATEGORIES) {
        if (i < byCategory.get(category).size()) {
          items.add(byCategory.get(category).get(i));
        }
      }
    }
    return items;
  }

  private void label(String sku, String category) {
    Reply reply =
        service.put("/api/v1/items/" + sku + "/labels/" + TAXONOMY, Map.of("category", category));
    if (reply.status() != 200 && reply.status() != 201) {
      throw new AssertionError(reply.toString());
    }
  }

  /**
   * Trains a model of wrong labels, which are put right again afterwards.
   *
   * @return its version; it was never active
   */
  String trainWorseModel() throws Exception {
    for (CSVRecord item : items()) {
      int category = CATEGORIES.indexOf(item.get("category"));
      label(item.get("sku"), CATEGORIES.get((category + 1) % CATEGORIES.size()));
    }
    Reply training =
        service.post("/api/v1/models", Map.of("taxonomy", TAXONOMY, "activate", false));
    expect(202, training);
    JsonNode job = awaitJob(training.json().path("job").asText());
    for (CSVRecord item : items()) {
      label(item.get("sku"), item.get("category"));
    }
    return job.path("result").path("model_version").asText();
  }

  /** Sets the confidence below which decisions go to review. */
  void reviewBelow(double threshold) {
    expect(
        200,
        service.send(
            service
                .request("/api/v1/taxonomies/" + TAXONOMY)
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"name\": \"Sample\", \"review_threshold\": " + threshold + "}"))));
  }

  /** Waits for the end of a job. */
  JsonNode awaitJob(String id) throws Exception {
    Eventually.until(
        "the end of job " + id, () -> service.get("/api/v1/jobs/" + id).json().has("ended_at"));
    return service.get("/api/v1/jobs/" + id).json();
  }

  private static void expect(int status, Reply reply) {
    if (reply.status() != status) {
      throw new AssertionError(reply.toString());
    }
  }
}
