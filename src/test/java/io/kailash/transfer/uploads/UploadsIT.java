package io.kailash.transfer.uploads;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Sha256;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class UploadsIT {
  private static final String ITEMS = "kind=items";

  private final TransferCalls calls = new TransferCalls();

  private void expect(JsonNode job, int written, int unchanged, int rejected) {
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
    JsonNode result = job.path("result");
    assertThat(
            new int[] {
              result.path("written").asInt(),
              result.path("unchanged").asInt(),
              result.path("rejected").asInt()
            })
        .as(job.toString())
        .containsExactly(written, unchanged, rejected);
  }

  private JsonNode item(String sku) {
    return calls.service.get("/api/v1/items/" + sku).json();
  }

  private long outbox() {
    return calls.number("select count(*) from outbox where kind = 'item' and key like 'up-same%'");
  }

  @Test
  void theSameFileInEveryFormIsTheSame() throws Exception {
    String csv = TransferCalls.items("up-same", 300);
    expect(calls.load(ITEMS, csv), 300, 0, 0);
    assertThat(item("up-same-3").path("title").asText()).isEqualTo("Lamp, \"no 3\"");
    assertThat(item("up-same-3").path("description").asText()).isEqualTo("a lamp\nwith number 3");
    assertThat(item("up-same-3").path("in_stock").asBoolean()).isFalse();
    long outbox = outbox();
    assertThat(outbox).isEqualTo(300);

    byte[] packed = TransferCalls.gzip(csv.getBytes(UTF_8));
    expect(calls.load(ITEMS, packed), 0, 300, 0);
    expect(
        calls.load(ITEMS + "&delimiter=%3B", csv.replace(',', ';').replace("Lamp;", "Lamp,")),
        0,
        300,
        0);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines
          .append("{\"sku\":\"up-same-" + i + "\",\"title\":\"Lamp, \\\"no " + i + "\\\"\",")
          .append("\"brand\":\"Brand " + i % 7 + "\",")
          .append("\"description\":\"a lamp\\nwith number " + i + "\",\"in_stock\":" + (i % 2 == 0))
          .append("}\n");
    }
    expect(calls.load(ITEMS, lines.toString()), 0, 300, 0);
    byte[] multipart =
        ("--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
                + "Content-Type: text/csv\r\n\r\n"
                + csv
                + "\r\n--b--\r\n")
            .getBytes(UTF_8);
    Reply reply = calls.upload(ITEMS, multipart, "Content-Type", "multipart/form-data; boundary=b");
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    expect(calls.ended(reply.json().path("job").asText()), 0, 300, 0);

    assertThat(outbox()).as("what is the same already makes no change").isEqualTo(outbox);
    assertThat(item("up-same-3").path("version").asInt()).isEqualTo(1);
    expect(calls.load(ITEMS, csv.replace("Brand 3", "Brand three")), 43, 257, 0);
    assertThat(item("up-same-3").path("version").asInt()).isEqualTo(2);
  }

  @Test
  void badRowsAreNamedAndTheOthersAreTaken() throws Exception {
    JsonNode job =
        calls.load(
            ITEMS,
            "sku,title,url,in_stock\n"
                + "up-bad-1,One,,\n"
                + "up-bad-2,,ftp://x,maybe\n"
                + "up-bad-3,Three\n"
                + "up-bad-1,Another,,\n"
                + "up-bad-5,"
                + "x".repeat(2000)
                + ",,\n"
                + "up-bad-6,\"Six\",,true");
    expect(job, 2, 0, 4);
    assertThat(calls.file(job.path("id").asText(), "rejected.csv"))
        .isEqualTo(
            """
            line,column,reason
            3,in_stock,is neither true nor false
            4,,has 2 columns; the header has 4
            5,sku,stands in the file before already
            6,title,has 2000 characters; 1000 are allowed
            """
                .replace("\n", "\r\n"));
    assertThat(item("up-bad-1").path("title").asText()).isEqualTo("One");
    assertThat(item("up-bad-6").path("title").asText()).isEqualTo("Six");
  }

  @Test
  void columnsAreMappedAndShownBeforehand() throws Exception {
    String csv = "Art.-Nr.;Bezeichnung;Farbe;Intern\nup-map-1;Stuhl;rot;x\nup-map-2;;blau;x\n";
    String query =
        "&map=Art.-Nr.:sku&map=Bezeichnung:title&map=Farbe:attributes.color&map=Intern:-";
    Reply preview =
        calls.service.send(
            calls
                .service
                .request("/api/v1/uploads/preview?" + ITEMS + query)
                .header("Content-Type", "text/csv")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(csv)));
    assertThat(preview.status()).as(preview.body()).isEqualTo(200);
    assertThat(preview.json().path("delimiter").asText()).isEqualTo(";");
    assertThat(preview.json().path("columns").path("Farbe").asText()).isEqualTo("attributes.color");
    assertThat(preview.json().at("/rows/0/values/attributes/color").asText()).isEqualTo("rot");
    assertThat(preview.json().at("/rows/1/errors/0/column").asText()).isEqualTo("Bezeichnung");
    assertThat(calls.service.get("/api/v1/items/up-map-1").status()).isEqualTo(404);

    JsonNode job = calls.load(ITEMS + query, csv);
    expect(job, 1, 0, 1);
    assertThat(item("up-map-1").at("/attributes/color").asText()).isEqualTo("rot");
    assertThat(calls.file(job.path("id").asText(), "rejected.csv")).contains("3,Bezeichnung,");
  }

  @Test
  void labelsWithoutTheirItemOrCategoryAreNamed() throws Exception {
    calls.taxonomy("up-labels");
    calls.load(ITEMS, TransferCalls.items("up-label", 3));
    String csv =
        "sku,category\nup-label-0,lamps\nup-label-1,chairs\nup-label-9,lamps\nup-label-2,sofas\n";
    JsonNode job = calls.load("kind=labels&taxonomy=up-labels", csv);
    expect(job, 2, 0, 2);
    assertThat(calls.file(job.path("id").asText(), "rejected.csv"))
        .contains("4,sku,is not the sku of an item")
        .contains("5,category,'sofas' is not a category of version 1");
    expect(calls.load("kind=labels&taxonomy=up-labels", csv), 0, 2, 2);
    assertThat(
            calls.number(
                "select count(*) from label_change c join item i on i.id = c.item_id"
                    + " where i.sku like 'up-label-%'"))
        .isEqualTo(2);
  }

  @Test
  void interactionsCountOnce() throws Exception {
    String lines =
        """
        {"user":"up-u","sku":"up-s","kind":"view","at":"2026-01-01T00:00:00Z"}
        {"user":"up-u","sku":"up-s","kind":"view","at":"2026-01-01T00:00:00Z"}
        {"user":"up-u","sku":"up-s","kind":"rating","value":4.5,"id":"up-r"}
        {"user":"up-u","sku":"up-s","kind":"view"}
        """;
    expect(calls.load("kind=interactions", lines), 2, 1, 1);
    expect(calls.load("kind=interactions", lines), 0, 3, 1);
    assertThat(calls.number("select count(*) from interaction where user_id = 'up-u'"))
        .isEqualTo(2);
  }

  @Test
  void whatIsNoSuchFileIsRefusedAtOnce() throws Exception {
    assertThat(refusal("", ITEMS)).contains("the file is empty");
    assertThat(refusal("sku,colour\n1,red\n", ITEMS))
        .contains("column 'colour' is not known", "there is no column 'title'");
    assertThat(refusal("PK\u0003\u0004xxxx", ITEMS)).contains("spreadsheet");
    assertThat(refusal("sku,title\n\u0000", ITEMS)).contains("binary");
    Reply latin = calls.upload(ITEMS, "sku,title\nup-latin,Fahrrad für\n".getBytes(ISO_8859_1));
    assertThat(latin.status()).isEqualTo(422);
    assertThat(latin.body()).contains("line 2 is not UTF-8", "charset=windows-1252");
    Reply read =
        calls.upload(
            ITEMS + "&charset=iso-8859-1",
            "sku,title\nup-latin,Fahrrad für\n".getBytes(ISO_8859_1));
    expect(calls.ended(read.json().path("job").asText()), 1, 0, 0);
    assertThat(item("up-latin").path("title").asText()).isEqualTo("Fahrrad für");
    assertThat(calls.upload("kind=cars", new byte[1]).status()).isEqualTo(422);
    assertThat(
            calls.number(
                "select count(*) from upload where status = 'receiving' and total_bytes is null"))
        .as("nothing is left of them")
        .isZero();
  }

  private String refusal(String file, String query) {
    Reply reply = calls.upload(query, file.getBytes(UTF_8));
    assertThat(reply.status()).as(reply.body()).isEqualTo(422);
    return reply.json().path("detail").asText();
  }

  @Test
  void aLineOfAHundredMegabytesCostsTheLine() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("{\"sku\":\"up-long-1\",\"title\":\"a\"}\n{\"sku\":\"".getBytes(UTF_8));
      byte[] random = new byte[1 << 20];
      new java.util.Random(1).nextBytes(random);
      byte[] letters = Base64.getEncoder().encode(random);
      for (int i = 0; i < 75; i++) {
        out.write(letters);
      }
      out.write("\"}\n{\"sku\":\"up-long-3\",\"title\":\"c\"}".getBytes(UTF_8));
    }
    JsonNode job = calls.load(ITEMS, packed.toByteArray());
    expect(job, 2, 0, 1);
    assertThat(calls.file(job.path("id").asText(), "rejected.csv"))
        .contains("2,,has more than 2097152 characters");
  }

  @Test
  void aBombAndACutArchiveFailWithWhatWasLoaded() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      out.write("sku,title\nup-bomb-1,One\n".getBytes(UTF_8));
      byte[] spaces = new byte[1 << 20];
      Arrays.fill(spaces, (byte) ' ');
      for (int i = 0; i < 120; i++) {
        out.write(spaces);
      }
    }
    JsonNode exploded = calls.load(ITEMS, bomb.toByteArray());
    assertThat(exploded.path("status").asText()).isEqualTo("failed");
    assertThat(exploded.path("problem").asText()).contains("more than 100 times its size");

    byte[] whole = TransferCalls.gzip(TransferCalls.items("up-cut", 30_000).getBytes(UTF_8));
    JsonNode cut = calls.load(ITEMS, Arrays.copyOf(whole, whole.length - 100));
    assertThat(cut.path("status").asText()).isEqualTo("failed");
    assertThat(cut.path("problem").asText())
        .contains("cut gzip data", "rows before that were loaded");
    long loaded = calls.number("select count(*) from item where sku like 'up-cut-%'");
    assertThat(cut.path("problem").asText()).contains("the " + loaded + " rows before");
    assertThat(
            calls.number(
                "select count(*) from upload_part where upload_id = ?::uuid",
                cut.path("subject").asText()))
        .isZero();
  }

  @Test
  void aDigestThatDoesNotHoldIsRefused() throws Exception {
    byte[] file = TransferCalls.items("up-digest", 5).getBytes(UTF_8);
    String right = "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.of(file)) + ":";
    String wrong = "sha-256=:" + Base64.getEncoder().encodeToString(Sha256.of(new byte[1])) + ":";
    for (String header : new String[] {"Repr-Digest", "Content-Digest"}) {
      Reply refused = calls.upload(ITEMS, file, header, wrong);
      assertThat(refused.status()).as(refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains("does not hold");
      assertThat(calls.upload(ITEMS, file, header, "md5=:x:").status()).isEqualTo(400);
      assertThat(calls.upload(ITEMS, file, header, right).status()).isEqualTo(202);
    }
    String upload = calls.create("items", file.length, "Repr-Digest", wrong);
    calls.patch(upload, 0, Arrays.copyOf(file, 20));
    Reply last = calls.patch(upload, 20, Arrays.copyOfRange(file, 20, file.length));
    assertThat(last.status()).as(last.body()).isEqualTo(204);
    String address = last.header("Content-Location").orElseThrow();
    JsonNode job = calls.ended(address.substring(address.lastIndexOf('/') + 1));
    assertThat(job.path("status").asText()).isEqualTo("failed");
    assertThat(job.path("problem").asText()).contains("does not hold");
  }

  @Test
  void anUploadGoesOnWhereItsConnectionBroke() throws Exception {
    byte[] file = TransferCalls.items("up-tus", 40_000).getBytes(UTF_8);
    String upload = calls.create("items", file.length);
    assertThat(calls.offset(upload)).isZero();
    URI base = calls.service.baseUri();
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("PATCH "
                  + upload
                  + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                  + calls.service.adminKey()
                  + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: "
                  + file.length
                  + "\r\nContent-Type: application/offset+octet-stream\r\n\r\n")
              .getBytes(UTF_8));
      out.write(file, 0, file.length / 2);
      out.flush();
    }
    Eventually.until("some of it to be stored", () -> calls.offset(upload) > 0);
    long offset = calls.offset(upload);
    assertThat(offset).isPositive().isLessThan(file.length);
    assertThat(calls.patch(upload, 0, file).status()).as("elsewhere").isEqualTo(409);
    Reply refused = null;
    byte[] rest = null;
    // The old request may still be storing what had arrived; the first that fits shuts it out.
    for (int i = 0; i < 100 && (refused == null || refused.status() == 409); i++) {
      offset = calls.offset(upload);
      rest = Arrays.copyOfRange(file, (int) offset, file.length);
      refused =
          calls.patch(
              upload,
              offset,
              rest,
              "Upload-Checksum",
              "sha256 " + Base64.getEncoder().encodeToString(new byte[32]));
    }
    assertThat(refused.status()).as(refused.body()).isEqualTo(460);
    assertThat(calls.offset(upload)).isEqualTo(offset);
    Reply last =
        calls.patch(
            upload,
            offset,
            rest,
            "Upload-Checksum",
            "sha256 " + Base64.getEncoder().encodeToString(Sha256.of(rest)));
    assertThat(last.status()).as(last.body()).isEqualTo(204);
    String job = last.header("Content-Location").orElseThrow();
    expect(calls.ended(job.substring(job.lastIndexOf('/') + 1)), 40_000, 0, 0);
  }

  /** Nobody waits for one file before the next is sent. */
  @Test
  void filesAreLoadedInTheOrderTheyWereSent() throws Exception {
    calls.taxonomy("up-order");
    int rows = 12_000;
    StringBuilder renamed = new StringBuilder("sku,title\n");
    StringBuilder labels = new StringBuilder("sku,category\n");
    for (int i = rows - 1; i >= 0; i--) {
      renamed.append("up-order-").append(i).append(",Chair ").append(i).append('\n');
      labels.append("up-order-").append(i).append(",chairs\n");
    }
    List<String> jobs = new ArrayList<>();
    for (byte[] file :
        List.of(
            TransferCalls.items("up-order", rows).getBytes(UTF_8),
            renamed.toString().getBytes(UTF_8))) {
      jobs.add(calls.upload(ITEMS, file).json().path("job").asText());
    }
    jobs.add(
        calls
            .upload("kind=labels&taxonomy=up-order", labels.toString().getBytes(UTF_8))
            .json()
            .path("job")
            .asText());
    for (String job : jobs) {
      expect(calls.ended(job), rows, 0, 0);
    }
    assertThat(
            calls.number(
                "select count(*) from item where sku like 'up-order-%' and title like 'Chair %'"))
        .as("items with the title of the later file")
        .isEqualTo(rows);
  }

  @Test
  void anotherInstanceGoesOnAfterAKill() throws Exception {
    int rows = 60_000;
    Reply reply = calls.upload(ITEMS, TransferCalls.items("up-kill", rows).getBytes(UTF_8));
    String job = reply.json().path("job").asText();
    calls.await(job, found -> found.path("done").asLong() > 0);
    calls.service.service().kill();
    long before = calls.number("select count(*) from item where sku like 'up-kill-%'");
    assertThat(before).as("in the middle").isBetween(1L, rows - 1L);
    try (ServiceProcess other = calls.service.startAnother()) {
      Eventually.until(
          "the other instance to end the job",
          () ->
              calls.number(
                      "select count(*) from job where id = ?::uuid and status = 'succeeded'", job)
                  == 1);
      assertThat(other.baseUri()).isNotNull();
    } finally {
      calls.service.restart();
    }
    JsonNode ended = calls.ended(job);
    expect(ended, rows, 0, 0);
    assertThat(ended.path("attempts").asInt()).isEqualTo(2);
    assertThat(calls.number("select count(*) from item where sku like 'up-kill-%' and version = 1"))
        .isEqualTo(rows);
    assertThat(
            calls.number(
                "select count(*) from outbox where kind = 'item' and key like 'up-kill-%'"))
        .as("each row is carried once")
        .isEqualTo(rows);
  }
}
