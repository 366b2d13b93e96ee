package io.kailash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.kailash.ApiDescription.Answer;
import io.kailash.ApiDescription.Operation;
import io.kailash.ApiDescription.Request;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.RestApplication;
import io.kailash.similarity.ServiceVectors;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The description of the API is true: it describes every method there is and no other, and every
 * example in it was sent and answered as it says.
 *
 * <p>The examples tell one story. Ids, versions and cursors differ from service to service, so the
 * story is told with those that this service gives: what the description calls by one name stays
 * one thing through all of it.
 */
class OpenApiIT {
  /** Every example, in an order in which each finds what it needs. */
  private static final List<String> STORY =
      List.of(
          "createClient/made",
          "createClient/without-role",
          "listClients/all",
          "putTaxonomy/made",
          "putTaxonomy/made-empty",
          "putTaxonomy/bad-threshold",
          "putTaxonomy/without-if-match",
          "importTaxonomy/csv",
          "importTaxonomy/csv-again",
          "importTaxonomy/wrong-lines",
          "readTaxonomy/taxonomy",
          "putTaxonomy/changed-in-between",
          "putTaxonomy/changed",
          "listTaxonomies/all",
          "listCategories/first-page",
          "listCategories/second-page",
          "listCategories/searched",
          "listCategories/below",
          "listCategories/top-level",
          "listCategories/below-unknown",
          "listCategories/empty-taxonomy",
          "readCategory/category",
          "createItem/made",
          "createItem/made-again",
          "createItem/key-used-before",
          "createItem/taken",
          "createItem/many-mistakes",
          "putItem/made",
          "putItem/made-before",
          "putItem/replaced",
          "putItem/changed-in-between",
          "putItem/without-if-match",
          "putItem/other-sku",
          "readItem/item",
          "readItem/not-modified",
          "readItem/bad-tag",
          "changeItem/without-if-match",
          "changeItem/bad-patch",
          "changeItem/changed",
          "changeItem/changed-in-between",
          "setLabel/first",
          "setLabel/another",
          "setLabel/unknown-category",
          "setLabel/empty-taxonomy",
          "listLabelsOfItem/labels",
          "listLabelChanges/changes",
          "listLabelChanges/empty-taxonomy",
          "listLabels/of-one-taxonomy",
          "listLabels/unknown-taxonomy",
          "listLabels/empty-taxonomy",
          "listItems/found",
          "listItems/labelled",
          "listItems/unlabelled",
          "listItems/unknown-taxonomy",
          "listItems/empty-taxonomy",
          "listItems/by-meaning",
          "listItems/similar",
          "deleteTaxonomy/deleted-in-use",
          "importTaxonomy/json",
          "listTaxonomyVersions/versions",
          "importTaxonomy/google",
          "readTaxonomyVersion/version",
          "activateTaxonomyVersion/activated",
          "describeUploads/abilities",
          "previewUpload/csv",
          "createUpload/csv",
          "createUpload/tus",
          "createUpload/tus-version",
          "createUpload/wrong-header",
          "listUploads/newest",
          "readUpload/upload",
          "goOnUpload/piece",
          "goOnUpload/elsewhere",
          "goOnUpload/wrong-checksum",
          "deleteUpload/given-up",
          "downloadExport/nobody",
          "downloadExport/wrong-since",
          "submitExport/items",
          "submitExport/unknown-format",
          "readReadiness/none",
          "listProjections/all",
          "checkProjection/same",
          "rebuildProjection/anew",
          "retrySetAside/taken",
          "classify/no-title",
          "classify/unknown-field",
          "classify/unknown-taxonomy",
          "classify/no-model-yet",
          "suggestCategories/suggested",
          "suggestCategories/empty-taxonomy",
          "checkClassifyRequest/fine",
          "checkClassifyRequest/too-many-alternatives",
          "classifyBatch/unknown-taxonomy",
          "classifyBatch/no-model-yet",
          "classifyBatch/as-what",
          "classifyBatch/no-such-upload",
          "classifyBatch/neither",
          "classifyBatch/as-job",
          "classifyBatch/one",
          "classifyBatch/as-array",
          "classifyBatch/selection",
          "readJobFile/results",
          "readJobFile/part",
          "readJobFile/beyond",
          "readJobFile/no-such-file",
          "classify/title-only",
          "classify/explained",
          "readClassification/decision",
          "giveFeedback/neither",
          "giveFeedback/corrected",
          "giveFeedback/right",
          "listReviewQueue/of-one-taxonomy",
          "listReviewQueue/unknown-taxonomy",
          "listReviewQueue/empty-taxonomy",
          "listModels/of-one-taxonomy",
          "listModels/unknown-taxonomy",
          "listModels/empty-taxonomy",
          "trainModel/unknown-taxonomy",
          "trainModel/empty-taxonomy",
          "trainModel/train-nothing",
          "trainModel/train",
          "readJob/job",
          "listJobs/newest",
          "readModel/model",
          "watchJob/ended",
          "watchJob/no-such-job",
          "pauseJob/paused",
          "pauseJob/not-pausable",
          "resumeJob/resumed",
          "resumeJob/not-paused",
          "retryJob/queued-again",
          "retryJob/not-failed",
          "cancelJob/cancelled-too-late",
          "cancelJob/cancelled",
          "listenToEvents/from-now-on",
          "listenToEvents/too-late",
          "listenToEvents/no-topic",
          "addInteractions/one",
          "addInteractions/lines",
          "addInteractions/unknown-kind",
          "listInteractions/of-a-user",
          "recommend/of-a-category",
          "recommend/bad-limit",
          "recommend/unknown-taxonomy",
          "recommend/empty-taxonomy",
          "recommendFor/explained",
          "recommendFor/unknown-strategy",
          "recommendFor/unknown-taxonomy",
          "recommendFor/empty-taxonomy",
          "giveRecommendationFeedback/clicked",
          "giveRecommendationFeedback/not-shown",
          "readRecommendationRates/rates",
          "readRecommendationRates/no-days",
          "startExperiment/started",
          "startExperiment/another-running",
          "startExperiment/wrong-shares",
          "listExperiments/all",
          "readExperiment/experiment",
          "endExperiment/unknown-arm",
          "endExperiment/ended",
          "trainRecommender/train",
          "readRecommenderModel/model",
          "activateRecommender/activate",
          "listRecommenderModels/newest",
          "rollBackRecommender/rolled-back",
          "forgetUser/forgotten",
          "activateModel/activate",
          "activateModel/activate-worse",
          "activateModel/activate-forced",
          "rollBackModel/roll-back",
          "rollBackModel/unknown-taxonomy",
          "rollBackModel/roll-back-from-nothing",
          "rollBackModel/roll-back-nothing",
          "removeLabel/empty-taxonomy",
          "removeLabel/removed",
          "deleteItem/without-if-match",
          "deleteItem/changed-in-between",
          "deleteItem/deleted",
          "listAuditEntries/newest",
          "listAuditEntries/next",
          "revokeClient/revoked",
          "deleteTaxonomy/deleted");

  /**
   * Problems that no caller of an operation can bring about: they need another caller at the same
   * moment, a WebSocket, or a service in trouble.
   */
  private static final Set<String> OUT_OF_REACH =
      Set.of(
          "active-model-changed",
          "authenticated-already",
          "internal",
          "job-under-way",
          "refused",
          "taxonomy-gone",
          "too-many-connections",
          "too-many-messages",
          "unavailable",
          "upgrade-required",
          "upload-loading",
          "upload-taken-over",
          "write-in-progress");

  /** What names a thing: other here than in the description, but always the same thing. */
  private static final Set<String> NAMES = Set.of("id", "job", "next_cursor", "model_version");

  /** What is never twice the same. */
  private static final Set<String> CHANCE =
      Set.of(
          "activated_by",
          "at",
          "key",
          "key_hint",
          "reason",
          "request_id",
          "sha256",
          "state",
          "trained_by");

  private static final Set<String> EXACT_NUMBERS =
      Set.of("status", "version", "active_version", "taxonomy_version", "level");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final RunningService SERVICE = RunningService.get();

  private static JsonNode served;
  private static ApiDescription api;
  private static Map<String, String> known;
  private static List<Exchange> exchanges;

  /**
   * What was sent and what came back.
   *
   * @param example under which the description has the answer; null where it has none of that name
   */
  private record Exchange(
      Operation operation, String example, int status, Answer expected, Request sent, Reply reply) {
    String name() {
      return operation.id() + "/" + example;
    }
  }

  @BeforeAll
  static void tellTheStory() throws Exception {
    served = SERVICE.get("/openapi?format=JSON").json();
    api = new ApiDescription(served);
    known = new HashMap<>();
    exchanges = new ArrayList<>();
    SampleShop shop = null;
    for (String step : STORY) {
      String[] parts = step.split("/", 2);
      Operation operation = api.operation(parts[0]);
      switch (step) {
        case "listProjections/all" -> known.put("17", setAside());
        case "checkClassifyRequest/fine" -> shop = SampleShop.in(SERVICE);
        case "listReviewQueue/of-one-taxonomy" -> waitForReview(shop);
        case "listItems/by-meaning" -> {
          ServiceVectors.put("CAN-10", "Galvanised watering can 10 l (Fernhill)");
          await(
              "/api/v1/items?meaning=watering%20can",
              reply -> reply.status() == 200 && reply.body().contains("CAN-10"));
        }
        case "suggestCategories/suggested" ->
            await(
                "/api/v1/taxonomies/garden/suggestions?title=rose", reply -> reply.status() != 503);
        case "readJobFile/results" -> shop.awaitJob(here("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0010"));
        case "pauseJob/paused" ->
            known.put("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0012", batchJob("a batch", "queued", 0));
        case "retryJob/queued-again" ->
            known.put("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0013", batchJob("another batch", "dead", 5));
        case "readJob/job" -> shop.awaitJob(here("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0001"));
        case "cancelJob/cancelled" ->
            known.put("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0002", queuedJob());
        case "readRecommenderModel/model" -> {
          String other = recommender(shop);
          expectActive(other);
          known.put("recommender-1", other);
          known.put(
              "recommender-2",
              shop.awaitJob(here("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0003"))
                  .path("result")
                  .path("model_version")
                  .asText());
        }
        case "activateModel/activate-worse" -> known.put("starter-3", shop.trainWorseModel());
        default -> {}
      }
      Request request = operation.request(parts[1], OpenApiIT::here);
      int status = operation.status(parts[1]);
      Exchange exchange =
          exchange(operation, parts[1], status, request, Optional.of(SERVICE.adminKey()));
      learn(exchange);
      exchanges.add(exchange);
    }
    tryWhatIsRefusedEverywhere();
  }

  /** Some things are prepared in the background. */
  private static void await(String path, Predicate<Reply> condition) throws Exception {
    Eventually.within(Eventually.PATIENCE, () -> condition.test(SERVICE.get(path)));
  }

  /** The service's own name for what the description calls so. */
  private static String here(String described) {
    return known.getOrDefault(described, described);
  }

  private static void learn(Exchange exchange) {
    if (exchange.reply().status() != exchange.status()) {
      return;
    }
    JsonNode tag = exchange.expected().headers().getOrDefault("ETag", JSON.createObjectNode());
    if (tag.has("example")) {
      known.put(tag.path("example").asText(), exchange.reply().header("ETag").orElse(""));
    }
    JsonNode described = exchange.expected().examples().get(exchange.example());
    if (described != null && described.isObject()) {
      learn(described, content(exchange.reply()));
    }
  }

  private static void learn(JsonNode described, JsonNode actual) {
    described
        .properties()
        .forEach(
            field -> {
              JsonNode there = actual.path(field.getKey());
              if (field.getValue().isObject()) {
                learn(field.getValue(), there);
              } else if (field.getValue().isTextual()
                  && there.isTextual()
                  && (NAMES.contains(field.getKey()) || field.getKey().equals("version"))) {
                known.putIfAbsent(field.getValue().asText(), there.asText());
              }
            });
  }

  /** Whatever is not certain is to be reviewed, for one item. */
  private static void waitForReview(SampleShop shop) throws Exception {
    shop.reviewBelow(1);
    SERVICE.post(
        "/api/v1/classify",
        Map.of("taxonomy", SampleShop.TAXONOMY, "title", "Wall lamp for the hallway"));
    shop.reviewBelow(0.7);
    Eventually.until(
        "a decision to review",
        () ->
            SERVICE
                .get("/api/v1/review-queue?taxonomy=" + SampleShop.TAXONOMY)
                .body()
                .contains("Wall lamp for the hallway"));
  }

  /** One more recommender model, so that there is something to go back to. */
  private static String recommender(SampleShop shop) throws Exception {
    shop.awaitJob(here("019a0f4f-0a11-7d3e-8c44-9a0b1c2d0003"));
    String job =
        SERVICE
            .post("/api/v1/recommender-models", Map.of("activate", false))
            .json()
            .path("job")
            .asText();
    return shop.awaitJob(job).path("result").path("model_version").asText();
  }

  private static void expectActive(String recommender) {
    Reply reply =
        SERVICE.post(
            "/api/v1/recommender-models/" + recommender + "/activate", Map.of("force", true));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  /** A job that waits and that nobody will begin: one cannot be sure to be faster than a worker. */
  private static String queuedJob() throws SQLException {
    UUID id = UUID.randomUUID();
    try (Connection connection = SERVICE.connection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into job (id, kind, subject, status, parameters, created_at, created_by,"
                    + " due_at) values (?, 'classifier-training', 'garden', 'queued',"
                    + " '{\"activate\": true}', now(), 'first administrator',"
                    + " now() + interval '1 day')")) {
      insert.setObject(1, id);
      insert.executeUpdate();
    }
    return id.toString();
  }

  /** A batch job in a state, not to be begun before tomorrow. */
  private static String batchJob(String subject, String status, int attempts) throws SQLException {
    UUID id = UUID.randomUUID();
    try (Connection connection = SERVICE.connection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into job (id, kind, subject, status, parameters, created_at, created_by,"
                    + " due_at, attempts) values (?, 'batch-classification', ?, ?, '{\"selection\":"
                    + " \"unlabelled\", \"taxonomy\": \"garden\"}', now(), 'first administrator',"
                    + " now() + interval '1 day', ?)")) {
      insert.setObject(1, id);
      insert.setString(2, subject);
      insert.setString(3, status);
      insert.setInt(4, attempts);
      insert.executeUpdate();
    }
    return id.toString();
  }

  /** A change that the graph would have refused: none does so for long on a service in order. */
  private static String setAside() throws SQLException {
    try (Connection connection = SERVICE.connection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into projection_set_aside (target, position, kind, key, version, removed,"
                    + " happened_at, tries, reason, at) values ('graph', 0, 'item', 'set-aside', 3,"
                    + " false, now(), 5, 'the graph was not in the mood', now()) returning id");
        ResultSet row = insert.executeQuery()) {
      row.next();
      return row.getString(1);
    }
  }

  /** What the description says once for many operations is tried on each of them. */
  private static void tryWhatIsRefusedEverywhere() {
    String readerKey =
        SERVICE
            .post("/api/v1/clients", Map.of("name", "openapi reader", "role", "reader"))
            .json()
            .path("key")
            .asText();
    Optional<String> admin = Optional.of(SERVICE.adminKey());
    for (Operation operation : api.operations()) {
      Request base = operation.request(operation.exampleNames().iterator().next(), OpenApiIT::here);
      add(operation, "no-key", 401, base, Optional.empty());
      add(operation, "reader-key", 403, base, Optional.of(readerKey));
      add(operation, "other-type", 415, base.withBody("text/x-unheard-of", "x"), admin);
      add(operation, "not-json", 400, base.withBody(base.contentType(), "{,"), admin);
      add(
          operation,
          "too-large",
          413,
          base.withBody(base.contentType(), "{\"x\":\"" + "x".repeat(300_000) + "\"}"),
          admin);
      if (operation.path().contains("{")) {
        String nowhere = operation.path().replaceAll("\\{[^}]*}", "no-such-thing");
        add(operation, "unknown", 404, base.withPath(nowhere), admin);
      }
      if (operation.parameterNames("query").contains("limit")) {
        String address = base.path().replaceAll("([?&])limit=[^&]*&?", "$1");
        String zero = address + (address.contains("?") ? "&" : "?") + "limit=0";
        add(operation, "limit-of-zero", 422, base.withPath(zero), admin);
      }
      // To OPTIONS the server itself answers whoever accepts nothing of ours.
      if (!operation.method().equals("OPTIONS")) {
        addOther(operation, "other-accept", 406, base.withHeader("Accept", "image/png"), admin);
      }
      Stream.of("PUT", "POST", "DELETE", "PATCH")
          .filter(method -> isUnserved(method, operation.path()))
          .findFirst()
          .ifPresent(
              method -> addOther(operation, "other-method", 405, base.withMethod(method), admin));
    }
  }

  private static boolean isUnserved(String method, String path) {
    return api.operations().stream()
        .noneMatch(other -> other.path().equals(path) && other.method().equals(method));
  }

  /** Tries what is said for all, where the description says that it is so here. */
  private static void add(
      Operation operation, String example, int status, Request request, Optional<String> key) {
    Answer expected = operation.answers().get(status);
    if (expected != null && expected.examples().containsKey(example)) {
      exchanges.add(exchange(operation, example, status, request, key));
    }
  }

  private static void addOther(
      Operation operation, String example, int status, Request request, Optional<String> key) {
    exchanges.add(
        new Exchange(operation, example, status, operation.other(), request, send(request, key)));
  }

  private static Exchange exchange(
      Operation operation, String example, int status, Request request, Optional<String> key) {
    return new Exchange(
        operation, example, status, operation.answers().get(status), request, send(request, key));
  }

  private static Reply send(Request request, Optional<String> key) {
    BodyPublisher body =
        request.body() == null
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(request.body(), UTF_8);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(SERVICE.baseUri() + request.path()))
            .timeout(Duration.ofSeconds(60))
            .method(request.method(), body);
    key.ifPresent(bearer -> builder.header("Authorization", "Bearer " + bearer));
    request.headers().forEach(builder::header);
    if (request.contentType() != null) {
      builder.header("Content-Type", request.contentType());
    }
    return SERVICE.send(builder);
  }

  @Test
  void everyExampleIsInTheStory() {
    List<String> described =
        api.operations().stream()
            .flatMap(
                operation ->
                    operation.exampleNames().stream().map(name -> operation.id() + "/" + name))
            .toList();
    assertThat(described).containsExactlyInAnyOrderElementsOf(STORY);
  }

  @TestFactory
  Stream<DynamicTest> everyExampleIsAnsweredAsDescribed() {
    return exchanges.stream()
        .map(exchange -> DynamicTest.dynamicTest(exchange.name(), () -> check(exchange)));
  }

  private static void check(Exchange exchange) {
    Reply reply = exchange.reply();
    String what = exchange.sent() + " was answered " + reply.status() + " " + reply.body();
    assertThat(reply.status()).as(what).isEqualTo(exchange.status());
    exchange
        .expected()
        .headers()
        .forEach(
            (name, header) -> {
              Optional<String> value = reply.header(name);
              if (header.path("required").asBoolean()) {
                assertThat(value).as("header " + name + " of " + what).isPresent();
              }
              value.ifPresent(
                  text ->
                      assertThat(api.mistakes(header.path("schema"), JSON.valueToTree(text)))
                          .as("header " + name + " of " + what)
                          .isEmpty());
            });
    if (exchange.expected().type() == null) {
      assertThat(reply.body()).isEmpty();
      return;
    }
    assertThat(reply.header("Content-Type")).as(what).hasValue(exchange.expected().type());
    JsonNode example = exchange.expected().examples().get(exchange.example());
    if (exchange.expected().type().equals("text/event-stream") && example.isTextual()) {
      // What happens meanwhile is told as well.
      assertThat(reply.body().lines().filter(line -> line.startsWith("event: ")))
          .as(what)
          .containsAll(
              example.asText().lines().filter(line -> line.startsWith("event: ")).toList());
      return;
    }
    if (example.isTextual()) {
      assertThat(reply.body()).as(what).isEqualTo(example.asText());
      return;
    }
    assertThat(api.mistakes(exchange.expected().schema(), content(reply))).as(what).isEmpty();
    assertThat(differences("", example, content(reply), !isShared(exchange))).as(what).isEmpty();
  }

  /** The JSON of an answer; of a stream that of its first line or event. */
  private static JsonNode content(Reply reply) {
    int data = reply.body().indexOf("data: ");
    boolean events = reply.header("Content-Type").orElse("").startsWith("text/event-stream");
    try {
      return events ? JSON.readTree(reply.body().substring(data + 6)) : reply.json();
    } catch (IOException notJson) {
      throw new AssertionError(reply.body(), notJson);
    }
  }

  /** Whether the example stands for answers of many operations, whose words differ. */
  private static boolean isShared(Exchange exchange) {
    return !STORY.contains(exchange.name());
  }

  /** Lists of which an example shows only some, or that depend on how sure a model is. */
  private static final Set<String> FREE_LISTS =
      Set.of("acceptance", "alternatives", "evidence", "reliability");

  /**
   * What of an example is not so in the answer. Each row that it shows must be there, among others.
   *
   * @param words whether what is said for people must be the same, too
   */
  private static List<String> differences(
      String at, JsonNode described, JsonNode actual, boolean words) {
    List<String> differences = new ArrayList<>();
    described
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              JsonNode there = actual.path(name);
              String place = at + "/" + name;
              if (!words && (name.equals("detail") || name.equals("errors"))) {
                return;
              }
              if (there.isMissingNode()) {
                differences.add(place + " is missing");
              } else if (value.isObject()) {
                differences.addAll(differences(place, value, there, words));
              } else if (value.isArray() && !FREE_LISTS.contains(name)) {
                for (JsonNode row : value) {
                  if (!holds(there, row, words)) {
                    differences.add(place + " is " + there + " without " + row);
                  }
                }
              } else if (!value.isArray() && !isAlike(name, value, there)) {
                differences.add(place + " is " + there + ", not " + value);
              }
            });
    return differences;
  }

  private static boolean holds(JsonNode rows, JsonNode described, boolean words) {
    for (JsonNode row : rows) {
      boolean same =
          described.isObject()
              ? differences("", described, row, words).isEmpty()
              : described.equals(row);
      if (same) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAlike(String name, JsonNode described, JsonNode actual) {
    boolean byChance = CHANCE.contains(name) || name.endsWith("_at") || name.endsWith("digest");
    if (described.isNumber()) {
      return !EXACT_NUMBERS.contains(name) || described.asLong() == actual.asLong();
    }
    if (byChance || (NAMES.contains(name) && !known.containsKey(described.asText()))) {
      return true;
    }
    return plain(here(described.asText())).equals(plain(actual.asText()));
  }

  /** Without figures and without the names of whatever else is in the service. */
  private static String plain(String text) {
    if (text.indexOf(' ') < 0) {
      return text;
    }
    return text.replaceAll("[0-9]+(\\.[0-9]+)?", "#").replaceAll("known are .*", "known are …");
  }

  @TestFactory
  Stream<DynamicTest> everyExampleFitsItsSchema() {
    Map<String, List<String>> mistakes = new TreeMap<>();
    for (Operation operation : api.operations()) {
      Map<String, Answer> answers = new LinkedHashMap<>();
      operation.answers().forEach((status, answer) -> answers.put(status.toString(), answer));
      answers.put("default", operation.other());
      answers.forEach(
          (status, answer) ->
              answer
                  .examples()
                  .forEach(
                      (name, value) ->
                          mistakes.put(
                              operation.id() + " " + status + " " + name,
                              api.mistakes(answer.schema(), value))));
      operation
          .contents()
          .forEach(
              content ->
                  content
                      .path("examples")
                      .properties()
                      .forEach(
                          example -> {
                            if (operation.status(example.getKey()) < 300) {
                              mistakes.put(
                                  operation.id() + " request " + example.getKey(),
                                  api.mistakes(
                                      content.path("schema"), body(content, example.getValue())));
                            }
                          }));
    }
    return mistakes.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> assertThat(entry.getValue()).isEmpty()));
  }

  /** An object may be given as the text of its JSON, where the text is what matters. */
  private static JsonNode body(JsonNode content, JsonNode example) {
    JsonNode value = example.path("value");
    boolean isText = content.path("schema").path("type").asText().equals("string");
    try {
      return value.isTextual() && !isText ? JSON.readTree(value.asText()) : value;
    } catch (IOException notJson) {
      throw new AssertionError(value.asText(), notJson);
    }
  }

  @Test
  void everyDescribedStatusWasSeen() {
    Set<String> described = new TreeSet<>();
    for (Operation operation : api.operations()) {
      operation.answers().keySet().forEach(status -> described.add(operation + " " + status));
    }
    Set<String> seen = new TreeSet<>();
    for (Exchange exchange : exchanges) {
      seen.add(exchange.operation() + " " + exchange.reply().status());
    }
    assertThat(seen).containsAll(described);
  }

  @Test
  void everyKindOfProblemWasSeenThatACallerCanBringAbout() {
    Set<String> seen = new TreeSet<>();
    Set<Integer> statuses = new TreeSet<>();
    for (Exchange exchange : exchanges) {
      if (exchange.reply().status() >= 400) {
        statuses.add(exchange.reply().status());
        seen.add(exchange.reply().json().path("type").asText().replaceFirst(".*:", ""));
      }
    }
    Set<String> reachable = new TreeSet<>();
    api.problemTypes().forEach(type -> reachable.add(type.replaceFirst(".*:", "")));
    assertThat(reachable).containsAll(OUT_OF_REACH);
    reachable.removeAll(OUT_OF_REACH);
    assertThat(seen).containsExactlyElementsOf(reachable);
    assertThat(statuses).contains(400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428);
  }

  @Test
  void everySharedExampleWasSeenWordForWord() {
    Map<String, Boolean> seen = new TreeMap<>();
    for (Exchange exchange : exchanges) {
      JsonNode described = exchange.expected().examples().get(exchange.example());
      if (isShared(exchange)) {
        boolean same =
            described
                .path("detail")
                .asText()
                .equals(exchange.reply().json().path("detail").asText());
        seen.merge(exchange.example(), same, Boolean::logicalOr);
      }
    }
    assertThat(seen).isNotEmpty().doesNotContainValue(false);
  }

  @Test
  void theServerShowsTheFileAndNothingElse() throws IOException {
    try (InputStream file = OpenApiIT.class.getResourceAsStream("/META-INF/openapi.yaml")) {
      assertThat(served).isEqualTo(new YAMLMapper().readTree(file));
    }
    Reply asYaml = SERVICE.get("/openapi?format=YAML");
    assertThat(new YAMLMapper().readTree(asYaml.body())).isEqualTo(served);
  }

  @Test
  void everyMethodOfEveryResourceIsDescribedAndNoOther() {
    Map<String, Method> there = new TreeMap<>();
    for (Class<?> resource : resources()) {
      for (Method method : resource.getDeclaredMethods()) {
        verb(method).ifPresent(verb -> there.put(verb + " " + path(resource, method), method));
      }
    }
    Map<String, Operation> described = new TreeMap<>();
    api.operations().forEach(operation -> described.put(operation.toString(), operation));
    assertThat(described.keySet()).containsExactlyElementsOf(there.keySet());
    assertThat(api.operations().stream().map(Operation::id))
        .doesNotHaveDuplicates()
        .doesNotContain("");

    there.forEach(
        (name, method) -> {
          Operation operation = described.get(name);
          assertThat(operation.node().path("description").asText().strip())
              .as(name)
              .endsWith("Role: " + role(method).text() + ".");
          assertThat(operation.answers().containsKey(403))
              .as(name + " describes 403")
              .isEqualTo(
                  role(method) != Role.READER
                      || operation.node().path("description").asText().contains("needs the role"));
          assertThat(operation.parameterNames("path"))
              .as(name)
              .containsExactlyInAnyOrderElementsOf(
                  named(method, PathParam.class, PathParam::value));
          assertThat(operation.parameterNames("query"))
              .as(name)
              .containsExactlyInAnyOrderElementsOf(
                  named(method, QueryParam.class, QueryParam::value));
          Set<String> headers = operation.parameterNames("header");
          headers.remove("X-Request-Id");
          assertThat(headers)
              .as(name)
              .containsExactlyInAnyOrderElementsOf(
                  named(method, HeaderParam.class, HeaderParam::value));
          assertThat(operation.contentTypes()).as(name).containsExactlyInAnyOrder(consumed(method));
        });
  }

  private static List<Class<?>> resources() {
    List<Class<?>> resources = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OpenApiIT.class.getPackageName())) {
      if (type.isAnnotatedWith(jakarta.ws.rs.Path.class)) {
        resources.add(type.reflect());
      }
    }
    return resources;
  }

  private static Optional<String> verb(Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
        .filter(verb -> verb != null)
        .map(HttpMethod::value)
        .findFirst();
  }

  private static String path(Class<?> resource, Method method) {
    jakarta.ws.rs.Path onMethod = method.getAnnotation(jakarta.ws.rs.Path.class);
    String root = RestApplication.class.getAnnotation(ApplicationPath.class).value();
    String path =
        root
            + "/"
            + resource.getAnnotation(jakarta.ws.rs.Path.class).value()
            + (onMethod == null ? "" : "/" + onMethod.value());
    return path.replaceAll("/{2,}", "/").replaceAll("\\{([a-z]+):[^}]*}", "{$1}");
  }

  private static Role role(Method method) {
    RequiresRole onMethod = method.getAnnotation(RequiresRole.class);
    RequiresRole onType = method.getDeclaringClass().getAnnotation(RequiresRole.class);
    return onMethod != null
        ? onMethod.value()
        : onType != null ? onType.value() : Role.ADMINISTRATOR;
  }

  private static <A extends Annotation> List<String> named(
      Method method, Class<A> kind, java.util.function.Function<A, String> name) {
    return Arrays.stream(method.getParameters())
        .filter(parameter -> parameter.isAnnotationPresent(kind))
        .map(parameter -> name.apply(parameter.getAnnotation(kind)))
        .toList();
  }

  /** The content types of a method that reads a body. */
  private static String[] consumed(Method method) {
    boolean reads =
        Arrays.stream(method.getParameters())
            .anyMatch(
                parameter ->
                    Stream.of(
                            Context.class,
                            HeaderParam.class,
                            PathParam.class,
                            QueryParam.class,
                            Suspended.class)
                        .noneMatch(parameter::isAnnotationPresent));
    if (!reads) {
      return new String[0];
    }
    Consumes onMethod = method.getAnnotation(Consumes.class);
    return onMethod != null
        ? onMethod.value()
        : method.getDeclaringClass().getAnnotation(Consumes.class).value();
  }

  @Test
  void thePageAndWhatItNamesAreServed() {
    Reply page = SERVICE.send(HttpRequest.newBuilder(URI.create(SERVICE.baseUri() + "/api.html")));
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type").orElse("")).startsWith("text/html");
    Map<String, String> types =
        Map.of("css", "text/css", "js", "application/javascript", "svg", "image/svg+xml");
    Matcher names =
        Pattern.compile("(?:href|src)=\"([^\"#]+\\.(css|js|svg))\"").matcher(page.body());
    Set<String> seen = new TreeSet<>();
    while (names.find()) {
      Reply asset =
          SERVICE.send(
              HttpRequest.newBuilder(URI.create(SERVICE.baseUri() + "/" + names.group(1))));
      assertThat(asset.status()).as(names.group(1)).isEqualTo(200);
      assertThat(asset.header("Content-Type").orElse(""))
          .as(names.group(1))
          .startsWith(types.get(names.group(2)));
      assertThat(asset.body()).as(names.group(1)).isNotEmpty();
      seen.add(names.group(1).replaceFirst(".*/", ""));
    }
    assertThat(seen).contains("swagger-ui.css", "swagger-ui-bundle.js", "api.js");
    Reply description =
        SERVICE.send(
            HttpRequest.newBuilder(URI.create(SERVICE.baseUri() + "/openapi?format=JSON")));
    assertThat(description.header("Content-Type")).hasValue("application/json");
  }
}
