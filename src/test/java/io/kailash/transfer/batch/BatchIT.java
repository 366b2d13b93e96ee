package io.kailash.transfer.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.classification.SmallShop;
import io.kailash.platform.Sha256;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService.Reply;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchIT {
  private static final BatchCalls CALLS = new BatchCalls();
  private static String taxonomy;

  @BeforeAll
  static void train() throws Exception {
    taxonomy = "batch-" + UUID.randomUUID().toString().substring(0, 8);
    SmallShop shop = SmallShop.withLabels(CALLS.service, taxonomy, 12);
    assertThat(shop.train(true).path("status").asText()).isEqualTo("succeeded");
  }

  private static String query() {
    return "?taxonomy=" + taxonomy;
  }

  @Test
  void everyItemIsAnsweredOnceUnderItsOwnReference() {
    Reply reply = CALLS.lines(query() + "&alternatives=1", BatchCalls.items(1_000, 10));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.header("Content-Type").orElseThrow()).startsWith("application/x-ndjson");
    List<JsonNode> answers = BatchCalls.read(reply.body());
    Set<String> refs = new HashSet<>();
    for (JsonNode answer : answers) {
      refs.add(answer.path("ref").asText());
      assertThat(answer.path("ref").asText()).isEqualTo("r" + (answer.path("line").asLong() - 1));
      assertThat(answer.path("classification").path("taxonomy").asText()).isEqualTo(taxonomy);
      assertThat(answer.path("classification").path("alternatives")).hasSize(1);
    }
    assertThat(answers).hasSize(1_000);
    assertThat(refs).hasSize(1_000);
  }

  @Test
  void manyAtOnceAreAllAnswered() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(24);
    try {
      List<Future<Reply>> replies =
          callers.invokeAll(
              Collections.nCopies(96, () -> CALLS.lines(query(), BatchCalls.items(300, 10))));
      for (Future<Reply> reply : replies) {
        assertThat(reply.get().status()).as(reply.get().body()).isEqualTo(200);
        assertThat(BatchCalls.read(reply.get().body())).hasSize(300);
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void itsDecisionsAreKeptAsThoseOfSingleItems() throws Exception {
    JsonNode one =
        BatchCalls.read(CALLS.lines(query(), "{\"ref\":\"a\",\"title\":\"green tea\"}").body())
            .get(0);
    String id = one.path("classification").path("id").asText();
    Eventually.until(
        "the decision", () -> CALLS.service.get("/api/v1/classifications/" + id).status() == 200);
  }

  @Test
  void wrongLinesAreNamedAndStopNoOther() {
    String body =
        String.join(
            "\n",
            "{\"ref\":\"good\",\"title\":\"wool rug\"}",
            "not json",
            "",
            "{\"ref\":\"untitled\"}",
            "{\"title\":\"desk lamp\",\"colour\":\"red\"}",
            "[1]",
            "null",
            "{\"ref\":\"elsewhere\",\"title\":\"tea\",\"taxonomy\":\"no-such\"}",
            "{\"title\":\"" + "x".repeat(300_000) + "\"}",
            "{\"ref\":\"last\",\"title\":\"green tea\"}");
    List<JsonNode> answers = new ArrayList<>(BatchCalls.read(CALLS.lines(query(), body).body()));
    answers.sort((a, b) -> Long.compare(a.path("line").asLong(), b.path("line").asLong()));
    assertThat(answers)
        .extracting(a -> a.path("line").asInt())
        .containsExactly(1, 2, 4, 5, 6, 7, 8, 9, 10);
    assertThat(answers)
        .extracting(a -> a.path("problem").path("status").asInt())
        .containsExactly(0, 400, 422, 400, 400, 400, 404, 413, 0);
    assertThat(answers.get(2).path("ref").asText()).isEqualTo("untitled");
    assertThat(answers.get(2).path("problem").path("errors").get(0).path("pointer").asText())
        .isEqualTo("/title");
    assertThat(answers.get(8).path("ref").asText()).isEqualTo("last");
  }

  @Test
  void anArrayAndAPackedBodyAreReadToo() throws Exception {
    String items = "[{\"sku\":\"A\",\"title\":\"wool rug\"},\n {\"title\":7}, {\"title\":\"saw\"}]";
    Reply array = CALLS.send(query(), "application/json", "application/x-ndjson, */*;q=0.1", items);
    assertThat(BatchCalls.read(array.body()))
        .extracting(a -> a.path("line").asInt() + " " + a.has("problem"))
        .containsExactlyInAnyOrder("1 false", "2 true", "3 false");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(items.getBytes(UTF_8));
    }
    Reply reply =
        CALLS.service.send(
            CALLS
                .service
                .request(BatchCalls.PATH + query())
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(BatchCalls.read(reply.body())).hasSize(3);
  }

  @Test
  void asEventsItSaysWhenItIsWhole() {
    Reply reply =
        CALLS.send(
            query(), "application/x-ndjson", "text/event-stream", BatchCalls.items(100, 0) + "\nx");
    assertThat(reply.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
    List<String> events = List.of(reply.body().split("\n\n"));
    assertThat(events).hasSize(102);
    assertThat(events.subList(0, 101)).allMatch(event -> event.startsWith("event: item\ndata: {"));
    assertThat(events.get(101))
        .isEqualTo("event: end\ndata: {\"items\":101,\"done\":100,\"failed\":1}");
  }

  @Test
  void whatIsNoBatchIsRefusedWhole() {
    assertThat(CALLS.lines(query(), BatchCalls.items(10_001, 0)).json().path("detail").asText())
        .contains("kailash.batch.max-items")
        .contains("?as=job");
    assertThat(CALLS.lines(query(), "\n\n").status()).isEqualTo(400);
    assertThat(CALLS.lines("?taxonomy=no-such", "{\"title\":\"a\"}").status()).isEqualTo(404);
    assertThat(CALLS.lines(query() + "&as=file", "{\"title\":\"a\"}").status()).isEqualTo(422);
    assertThat(CALLS.send(query(), "application/json", "*/*", "[{\"title\":\"a\"}").status())
        .isEqualTo(400);
    assertThat(CALLS.send(query(), "application/json", "*/*", "{\"title\":\"a\"}").status())
        .isEqualTo(400);
    assertThat(CALLS.send(query(), "text/csv", "*/*", "title\na").status()).isEqualTo(415);
    Reply notPacked =
        CALLS.service.send(
            CALLS
                .service
                .request(BatchCalls.PATH + query())
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{\"title\":\"a\"}")));
    assertThat(notPacked.json().path("detail").asText()).contains("gzip");
  }

  @Test
  void aSlowReaderHoldsTheWorkUpAndGetsAllOfItInTheEnd() throws Exception {
    int items = 10_000;
    double before = CALLS.classified();
    try (Socket socket =
        CALLS.open(
            query() + "&explain=true&alternatives=9", BatchCalls.itemsWithLongNames(items))) {
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      // It has stopped when two looks in a row see the same.
      double[] seen = {-1, -2};
      Eventually.until(
          "the work to stand still",
          () -> {
            seen[1] = seen[0];
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            seen[0] = CALLS.classified() - before;
            return seen[0] > 0 && seen[0] == seen[1];
          });
      // What the network and the server hold is some ten megabytes of about thirty.
      assertThat(seen[0]).isLessThan(items * 0.8);
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
      long answers = reader.lines().filter(line -> line.contains("\"ref\":\"r")).count();
      assertThat(answers).isEqualTo(items);
    }
  }

  @Test
  void workStopsWhenTheCallerLeaves() throws Exception {
    int items = 10_000;
    double before = CALLS.classified();
    Socket socket =
        CALLS.open(query() + "&explain=true&alternatives=9", BatchCalls.itemsWithLongNames(items));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    socket.setSoLinger(true, 0);
    socket.close();
    double[] seen = {-1, -2};
    Eventually.until(
        "the work to stop",
        () -> {
          seen[1] = seen[0];
          LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
          seen[0] = CALLS.classified() - before;
          return seen[0] == seen[1];
        });
    assertThat(seen[0]).isLessThan(items * 0.8);
    // And the places of those who left are free again: more than there are come and are answered.
    for (int i = 0; i < 10; i++) {
      assertThat(CALLS.lines(query(), "{\"title\":\"green tea\"}").status()).isEqualTo(200);
    }
  }

  @Test
  void aLargeOneBecomesAJobWithAFileOfItsAnswers() throws Exception {
    String body = BatchCalls.items(5_000, 20) + "\n\nnot json\n";
    Reply reply = CALLS.lines(query() + "&as=job&alternatives=1", body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    String id = reply.json().path("job").asText();
    assertThat(reply.header("Location").orElseThrow()).endsWith("/api/v1/jobs/" + id);
    JsonNode job = CALLS.awaitJob(CALLS.service.baseUri(), id);
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    assertThat(job.path("done").asInt()).isEqualTo(5_000);
    assertThat(job.path("failed").asInt()).isEqualTo(1);
    assertThat(job.path("total").asInt()).isEqualTo(5_001);
    String href = job.path("result").path("results").asText();
    Reply file = CALLS.service.get(href);
    List<JsonNode> answers = BatchCalls.read(file.body());
    assertThat(answers).hasSize(5_001);
    for (int i = 0; i < 5_000; i++) {
      assertThat(answers.get(i).path("ref").asText()).isEqualTo("r" + i);
    }
    assertThat(answers.get(5_000).path("line").asInt()).isEqualTo(5_002);
    byte[] whole = file.body().getBytes(UTF_8);
    String sha256 = HexFormat.of().formatHex(Sha256.of(whole));
    assertThat(job.path("result").path("sha256").asText()).isEqualTo(sha256);
    assertThat(file.header("ETag").orElseThrow()).isEqualTo("\"" + sha256 + "\"");
    Reply part =
        CALLS.service.send(CALLS.service.request(href).header("Range", "bytes=1000-1999").GET());
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(new String(whole, 1000, 1000, UTF_8));
    assertThat(part.header("Content-Range").orElseThrow())
        .isEqualTo("bytes 1000-1999/" + whole.length);
    assertThat(
            CALLS
                .service
                .send(CALLS.service.request(href).header("Range", "bytes=" + whole.length + "-"))
                .status())
        .isEqualTo(416);
    try (Connection connection = CALLS.service.connection();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "select count(*) from decision where id = '"
                        + answers.get(4_999).path("classification").path("id").asText()
                        + "'")) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(1);
    }
    Reply events = CALLS.service.get("/api/v1/jobs/" + id + "/events");
    assertThat(events.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
    assertThat(events.body()).startsWith("event: ended\n").contains("\"status\":\"succeeded\"");
    assertThat(CALLS.service.get("/api/v1/jobs?kind=batch-classification&status=succeeded").body())
        .contains(id);
  }

  @Test
  void itsProgressIsToldAsItHappens() throws Exception {
    Reply reply = CALLS.lines(query() + "&as=job", BatchCalls.items(30_000, 20));
    String events =
        CALLS.service.get("/api/v1/jobs/" + reply.json().path("job").asText() + "/events").body();
    List<String> names =
        events.lines().filter(line -> line.startsWith("event: ")).distinct().toList();
    assertThat(names).containsExactly("event: progress", "event: ended");
    JsonNode last = BatchCalls.json(events.substring(events.lastIndexOf("data: ") + 6).strip());
    assertThat(last.path("done").asInt()).isEqualTo(30_000);
  }

  @Test
  void itemsWithoutALabelAreClassifiedFromTheCatalog() throws Exception {
    String name = "sel-" + UUID.randomUUID().toString().substring(0, 8);
    for (int i = 0; i < 5; i++) {
      assertThat(
              CALLS
                  .service
                  .put("/api/v1/items/" + name + "-" + i, Map.of("title", "green tea " + i))
                  .status())
          .isEqualTo(201);
    }
    Reply reply =
        CALLS.send(
            "",
            "application/json",
            "*/*",
            "{\"selection\":\"unlabelled\",\"taxonomy\":\"" + taxonomy + "\"}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    JsonNode job = CALLS.awaitJob(CALLS.service.baseUri(), reply.json().path("job").asText());
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    List<JsonNode> answers =
        BatchCalls.read(CALLS.service.get(job.path("result").path("results").asText()).body());
    assertThat(answers).filteredOn(a -> a.path("sku").asText().startsWith(name)).hasSize(5);
    assertThat(answers)
        .noneMatch(a -> a.path("sku").asText().startsWith(taxonomy + "-"))
        .hasSize(job.path("total").asInt());
    assertThat(
            CALLS
                .send("", "application/json", "*/*", "{\"selection\":\"some\",\"taxonomy\":\"x\"}")
                .status())
        .isEqualTo(422);
  }
}
