package io.kailash.transfer.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.classification.SmallShop;
import io.kailash.stack.RunningService.Reply;
import io.kailash.transfer.uploads.TransferCalls;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that are uploaded only to be classified. */
class UploadedBatchIT {
  private static final BatchCalls BATCHES = new BatchCalls();
  private static final TransferCalls UPLOADS = new TransferCalls();
  private static String taxonomy;

  @BeforeAll
  static void train() throws Exception {
    taxonomy = "uploaded-" + UUID.randomUUID().toString().substring(0, 8);
    SmallShop shop = SmallShop.withLabels(BATCHES.service, taxonomy, 12);
    assertThat(shop.train(true).path("status").asText()).isEqualTo("succeeded");
  }

  private static String upload(String query, byte[] file) {
    Reply reply = UPLOADS.upload("kind=batch" + query, file);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    String id = reply.json().path("id").asText();
    assertThat(reply.header("Location").orElseThrow()).endsWith("/api/v1/uploads/" + id);
    assertThat(reply.json().path("status").asText()).isEqualTo("received");
    assertThat(reply.json().has("job")).isFalse();
    return id;
  }

  private static Reply order(String upload) {
    return BATCHES.service.post(
        BatchCalls.PATH, Map.of("upload", upload, "taxonomy", taxonomy, "alternatives", 1));
  }

  private static List<JsonNode> results(Reply accepted) throws Exception {
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    String job = accepted.json().path("job").asText();
    JsonNode ended = UPLOADS.ended(job);
    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("succeeded");
    return BatchCalls.read(UPLOADS.file(job, "results.ndjson"));
  }

  @Test
  void everyRowIsAnsweredUnderItsLineAndReference() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(
          ("Ref;Name;brand;in_stock\n"
                  + "a;wool rug;Lumo;true\n"
                  + "b;;;\n"
                  + "too;few\n"
                  + "c;\"hand\nsaw\";;\n"
                  + "d;green tea;;\n")
              .getBytes(UTF_8));
    }
    String upload = upload("&map=Ref:ref&map=Name:title", packed.toByteArray());
    List<JsonNode> answers = results(order(upload));
    assertThat(answers.stream().map(answer -> answer.path("line").asInt()))
        .containsExactly(2, 3, 4, 5, 7);
    assertThat(answers.stream().map(answer -> answer.path("ref").asText()))
        .containsExactly("a", "b", "", "c", "d");
    assertThat(answers.stream().map(answer -> answer.has("problem")))
        .containsExactly(false, true, true, false, false);
    assertThat(answers.get(0).path("classification").path("taxonomy").asText()).isEqualTo(taxonomy);
    assertThat(answers.get(2).path("problem").path("status").asInt()).isEqualTo(400);
  }

  @Test
  void theFileStaysAndMayBeClassifiedAgainUntilItIsRemoved() throws Exception {
    String upload = upload("", "{\"ref\":\"x\",\"title\":\"desk lamp\"}\n".getBytes(UTF_8));
    JsonNode first = results(order(upload)).get(0);
    JsonNode again = results(order(upload)).get(0);
    assertThat(again.path("classification").path("category"))
        .isEqualTo(first.path("classification").path("category"));
    assertThat(BATCHES.service.delete("/api/v1/uploads/" + upload).status()).isEqualTo(204);
    assertThat(order(upload).status()).isEqualTo(404);
  }

  @Test
  void onlyAWholeFileOfThisKindIsTaken() throws Exception {
    assertThat(order(UUID.randomUUID().toString()).status()).isEqualTo(404);
    assertThat(order("x").status()).isEqualTo(404);
    Reply items =
        UPLOADS.upload("kind=items", ("sku,title\n" + taxonomy + "-1,Rug\n").getBytes(UTF_8));
    UPLOADS.ended(items.json().path("job").asText());
    Reply other = order(items.json().path("id").asText());
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().path("type").asText()).isEqualTo("urn:kailash:problem:upload-kind");
    Reply begun =
        BATCHES.service.send(
            BATCHES
                .service
                .request("/api/v1/uploads?kind=batch")
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Length", "1000")
                .POST(BodyPublishers.noBody()));
    Reply notWhole = order(begun.json().path("id").asText());
    assertThat(notWhole.status()).as(notWhole.body()).isEqualTo(409);
    assertThat(notWhole.json().path("type").asText())
        .isEqualTo("urn:kailash:problem:upload-not-whole");
    // Nothing was queued for what was refused.
    assertThat(
            UPLOADS.number(
                "select count(*) from job where subject like ?",
                "upload " + begun.json().path("id").asText() + "%"))
        .isZero();
    Reply wrong = UPLOADS.upload("kind=batch", "ref,colour\na,red\n".getBytes(UTF_8));
    assertThat(wrong.status()).isEqualTo(422);
  }
}
