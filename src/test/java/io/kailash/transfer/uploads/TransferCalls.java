package io.kailash.transfer.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

/** What the tests of transfer ask of the running service. */
public final class TransferCalls {
  public final RunningService service = RunningService.get();

  /** Sends a file in one request. */
  public Reply upload(String query, byte[] file, String... headers) {
    HttpRequest.Builder request =
        service.request("/api/v1/uploads?" + query).POST(BodyPublishers.ofByteArray(file));
    boolean typed = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      typed |= headers[i].equals("Content-Type");
    }
    if (!typed) {
      request.header("Content-Type", "application/octet-stream");
    }
    return service.send(request);
  }

  /** Sends a file and waits for the end of its job. */
  public JsonNode load(String query, byte[] file) throws Exception {
    Reply reply = upload(query, file);
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    assertThat(reply.header("Location").orElseThrow())
        .endsWith("/api/v1/jobs/" + reply.json().path("job").asText());
    return ended(reply.json().path("job").asText());
  }

  public JsonNode load(String query, String file) throws Exception {
    return load(query, file.getBytes(UTF_8));
  }

  /** Waits for the end of a job, four minutes at most. */
  public JsonNode ended(String job) throws Exception {
    return await(
        job, found -> !List.of("queued", "running").contains(found.path("status").asText()));
  }

  public JsonNode await(String job, Predicate<JsonNode> condition) throws Exception {
    JsonNode[] found = new JsonNode[1];
    boolean came =
        Eventually.within(
            Eventually.PATIENCE,
            () -> {
              found[0] = service.get("/api/v1/jobs/" + job).json();
              return condition.test(found[0]);
            });
    assertThat(came).as("the job to come so far: " + found[0]).isTrue();
    return found[0];
  }

  public String file(String job, String name) {
    Reply reply = service.get("/api/v1/jobs/" + job + "/files/" + name);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.body();
  }

  /** One value of the database. */
  public long number(String sql, Object... values) {
    try (Connection connection = service.connection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        select.setObject(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /** A taxonomy of three categories, by an upload whose last line has no break. */
  public void taxonomy(String code) throws Exception {
    JsonNode job =
        load(
            "kind=taxonomy&taxonomy=" + code,
            "code,name,parent\nhome,Home,\nlamps,Lamps,home\nchairs,Chairs,home");
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    assertThat(job.path("result").path("categories").asInt()).isEqualTo(3);
  }

  /** CSV of so many items. */
  public static String items(String prefix, int count) {
    StringBuilder csv = new StringBuilder("sku,title,brand,description,in_stock\n");
    for (int i = 0; i < count; i++) {
      csv.append(prefix)
          .append('-')
          .append(i)
          .append(",\"Lamp, \"\"no ")
          .append(i)
          .append("\"\"\",Brand ")
          .append(i % 7)
          .append(",\"a lamp\nwith number ")
          .append(i)
          .append("\",")
          .append(i % 2 == 0)
          .append('\n');
    }
    return csv.toString();
  }

  public static byte[] gzip(byte[] bytes) {
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(bytes);
      }
      return packed.toByteArray();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Begins an upload by tus; its address. */
  public String create(String kind, long length, String... headers) {
    HttpRequest.Builder request =
        service
            .request("/api/v1/uploads")
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Length", Long.toString(length))
            .header(
                "Upload-Metadata",
                "kind " + Base64.getEncoder().encodeToString(kind.getBytes(UTF_8)))
            .POST(BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    Reply reply = service.send(request);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return URI.create(reply.header("Location").orElseThrow()).getPath();
  }

  public Reply patch(String upload, long offset, byte[] bytes, String... headers) {
    HttpRequest.Builder request =
        service
            .request(upload)
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", Long.toString(offset))
            .header("Content-Type", "application/offset+octet-stream")
            .method("PATCH", BodyPublishers.ofByteArray(bytes));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return service.send(request);
  }

  public long offset(String upload) {
    Reply head =
        service.send(
            service
                .request(upload)
                .header("Tus-Resumable", "1.0.0")
                .method("HEAD", BodyPublishers.noBody()));
    assertThat(head.status()).isEqualTo(200);
    return Long.parseLong(head.header("Upload-Offset").orElseThrow());
  }

  /** The lines of a text without the last break. */
  public static List<String> lines(String text) {
    return new ArrayList<>(text.lines().toList());
  }
}
