package io.kailash.taxonomy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import io.kailash.stack.ServiceProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class TaxonomiesIT {
  private static final String ROOT = "/api/v1/taxonomies";
  private static final String SMALL =
      """
      code,name,parent
      home,Home & Garden,
      kitchen,Kitchen,home
      knives,"Knives \\ ""Blades"", {sharp}",kitchen
      a/b,Odd code,home
      """;

  private final RunningService service = RunningService.get();

  @Test
  void anImportedFileIsServedAtOnce() {
    Reply imported = send("it-small", "?name=Small%20one", SMALL);

    assertThat(imported.status()).as(imported.body()).isEqualTo(201);
    assertThat(imported.header("Location").orElseThrow())
        .endsWith("/api/v1/taxonomies/it-small/versions/1");
    JsonNode answer = imported.json();
    assertThat(answer.get("version").intValue()).isEqualTo(1);
    assertThat(answer.get("created").booleanValue()).isTrue();
    assertThat(answer.get("format").textValue()).isEqualTo("csv");
    assertThat(answer.get("categories").intValue()).isEqualTo(4);
    assertThat(answer.get("categories_per_level").toString()).isEqualTo("[1,2,1]");
    assertThat(answer.get("leaves").intValue()).isEqualTo(2);
    assertThat(answer.get("milliseconds").isIntegralNumber()).isTrue();

    JsonNode taxonomy = service.get(ROOT + "/it-small").json();
    assertThat(taxonomy.get("name").textValue()).isEqualTo("Small one");
    assertThat(taxonomy.get("sample").booleanValue()).isFalse();
    assertThat(taxonomy.get("review_threshold").doubleValue()).isEqualTo(0.7);
    assertThat(taxonomy.get("active_version").intValue()).isEqualTo(1);

    JsonNode knives = service.get(ROOT + "/it-small/categories/knives").json();
    assertThat(knives.toString())
        .isEqualTo(
            "{\"code\":\"knives\",\"name\":\"Knives \\\\ \\\"Blades\\\", {sharp}\","
                + "\"parent\":\"kitchen\",\"path\":[\"Home & Garden\",\"Kitchen\","
                + "\"Knives \\\\ \\\"Blades\\\", {sharp}\"],\"level\":3,\"leaf\":true}");
    assertThat(service.get(ROOT + "/it-small/categories/a/b").json().get("name").textValue())
        .isEqualTo("Odd code");
    assertThat(service.get(ROOT + "/it-small/categories/none").status()).isEqualTo(404);
    assertThat(service.get(ROOT + "/it-small/versions/1").json().get("active").booleanValue())
        .isTrue();
    assertThat(service.get(ROOT + "/it-small/versions/2").status()).isEqualTo(404);
  }

  @Test
  void thePathInTheTableIsTheOneOfTheCategory() throws SQLException {
    send("it-path", "", SMALL);

    assertThat(
            text(
                "select array_to_string(path, '|') from category c join taxonomy t"
                    + " on t.id = c.taxonomy_id where t.code = 'it-path' and c.code = 'knives'"))
        .isEqualTo("Home & Garden|Kitchen|Knives \\ \"Blades\", {sharp}");
  }

  @Test
  void theSameContentAgainChangesNothingInWhateverForm() throws SQLException {
    send("it-again", "", SMALL);
    long audited = count("audit_entry where subject = 'it-again'");

    Reply same = send("it-again", "", SMALL);
    Reply packed = send("it-again", "", gzip(SMALL), "application/gzip");
    Reply json =
        send(
            "it-again",
            "",
            BodyPublishers.ofString(
                """
                {"code": "home", "name": "Home & Garden"}
                {"code": "knives", "name": "Knives \\\\ \\"Blades\\", {sharp}", "parent": "kitchen"}
                {"code": "a/b", "name": "Odd code", "parent": "home"}
                {"code": "kitchen", "name": "Kitchen", "parent": "home"}
                """),
            "application/x-ndjson");

    for (Reply reply : List.of(same, packed, json)) {
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      assertThat(reply.json().get("version").intValue()).isEqualTo(1);
      assertThat(reply.json().get("created").booleanValue()).isFalse();
    }
    assertThat(service.get(ROOT + "/it-again/versions").json().get("items")).hasSize(1);
    assertThat(count("audit_entry where subject = 'it-again'")).isEqualTo(audited);
  }

  @Test
  void aNewerVersionIsActiveUntilAnOlderOneIsMadeActiveAgain() throws SQLException {
    send("it-roll", "", "code,name,parent\na,A,\n");
    Reply second = send("it-roll", "", "code,name,parent\nb,B,\n");

    assertThat(second.json().get("version").intValue()).isEqualTo(2);
    assertThat(service.get(ROOT + "/it-roll/categories/b").status()).isEqualTo(200);
    assertThat(service.get(ROOT + "/it-roll/categories/a").status()).isEqualTo(404);

    Reply back = service.post(ROOT + "/it-roll/versions/1/activate", "");
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(back.json().get("active_version").intValue()).isEqualTo(1);
    assertThat(service.get(ROOT + "/it-roll/categories/a").status()).isEqualTo(200);
    assertThat(service.get(ROOT + "/it-roll/categories/b").status()).isEqualTo(404);
    JsonNode versions = service.get(ROOT + "/it-roll/versions").json().get("items");
    assertThat(versions.findValuesAsText("version")).containsExactly("2", "1");
    assertThat(versions.findValuesAsText("active")).containsExactly("false", "true");
    assertThat(
            text(
                "select detail::text from audit_entry"
                    + " where subject = 'it-roll' and action = 'taxonomy.activate'"))
        .contains("\"version\": 1", "\"before\": 2");

    Reply again = send("it-roll", "", "code,name,parent\nb,B,\n");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("active_version").intValue()).isEqualTo(1);
    assertThat(service.post(ROOT + "/it-roll/versions/3/activate", "").status()).isEqualTo(404);
    assertThat(service.post(ROOT + "/it-roll/versions/x/activate", "").status()).isEqualTo(404);
  }

  @Test
  void aRefusedFileLeavesNoTrace() throws SQLException {
    send("it-atomic", "", SMALL);
    List<Long> before = everything();

    for (BodyPublisher bad :
        List.of(
            BodyPublishers.ofString("code,name,parent\na,A,\na,B,\nc,C,d\n"),
            BodyPublishers.ofString("code,name,parent\na,A,b\nb,B,a\n"),
            BodyPublishers.ofString(""),
            BodyPublishers.ofString("code,name,parent\na,A,\nb,\"B"),
            BodyPublishers.ofByteArray("code,name,parent\na,Möbel,\n".getBytes(ISO_8859_1)))) {
      for (String code : List.of("it-atomic", "it-never")) {
        Reply refused = send(code, "", bad, "text/csv");
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.json().get("type").textValue())
            .isEqualTo("urn:kailash:problem:taxonomy-file-refused");
        assertThat(refused.json().get("errors").get(0).get("pointer").textValue())
            .matches("line [0-9]+");
      }
    }

    assertThat(everything()).isEqualTo(before);
    assertThat(service.get(ROOT + "/it-never").status()).isEqualTo(404);
    assertThat(service.get(ROOT + "/it-atomic").json().get("active_version").intValue())
        .isEqualTo(1);
    Reply named = send("it-never", "", "code,name,parent\na,A,\na,B,\nc,C,d\n");
    assertThat(named.json().get("errors").toString())
        .isEqualTo(
            "[{\"pointer\":\"line 3\",\"detail\":\"repeats the code 'a' of line 2\"},"
                + "{\"pointer\":\"line 4\","
                + "\"detail\":\"has the parent 'd', which no line states\"}]");
  }

  @Test
  void wrongParametersAreRefused() {
    assertThat(send("Not A Code", "", SMALL).status()).isEqualTo(422);
    assertThat(send("it-params", "?format=xml", SMALL).json().get("errors").toString())
        .contains("?format", "csv, google, shopify, gpc, json");
    assertThat(send("it-params", "?format=google", SMALL).status()).isEqualTo(422);
    assertThat(send("it-params", "", BodyPublishers.ofString(SMALL), "image/png").status())
        .isEqualTo(415);
    assertThat(service.get(ROOT + "/it-params").status()).isEqualTo(404);
  }

  @Test
  void categoriesAreFilteredSearchedAndPaged() {
    StringBuilder file = new StringBuilder("code,name,parent\nr,Root,\ns,Second,\n");
    for (int i = 0; i < 25; i++) {
      file.append("c").append(i).append(",Child ").append(i).append(i < 20 ? ",r\n" : ",s\n");
    }
    send("it-pages", "", file.toString());

    List<String> seen = new ArrayList<>();
    String path = ROOT + "/it-pages/categories?level=2&limit=10";
    int pages = 0;
    while (path != null) {
      Reply page = service.get(path);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      seen.addAll(page.json().get("items").findValuesAsText("code"));
      JsonNode next = page.json().get("next_cursor");
      assertThat(page.header("Link").isPresent()).isEqualTo(next != null);
      path =
          next == null
              ? null
              : ROOT + "/it-pages/categories?level=2&limit=10&cursor=" + next.textValue();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen).hasSize(25).doesNotHaveDuplicates().startsWith("c0", "c1", "c2");

    assertThat(codes("it-pages", "level=1")).containsExactly("r", "s");
    assertThat(codes("it-pages", "parent=s")).hasSize(5);
    assertThat(codes("it-pages", "q=child%201&parent=r")).hasSize(11).startsWith("c1", "c10");
    assertThat(codes("it-pages", "q=second")).containsExactly("s");
    assertThat(codes("it-pages", "level=3")).isEmpty();
    assertThat(service.get(ROOT + "/it-pages/categories?parent=none").status()).isEqualTo(422);
    assertThat(service.get(ROOT + "/it-pages/categories?level=x").status()).isEqualTo(422);
    assertThat(service.get(ROOT + "/it-pages/categories?cursor=x").status()).isEqualTo(422);

    String cursor =
        service.get(ROOT + "/it-pages/categories?limit=1").json().get("next_cursor").textValue();
    send("it-pages", "", SMALL);
    assertThat(service.get(ROOT + "/it-pages/categories?limit=1&cursor=" + cursor).body())
        .contains("is of another version");
  }

  @Test
  void aTaxonomyIsMadeAndChangedByPut() {
    String path = ROOT + "/it-put";
    Reply made = service.put(path, "{\"name\":\"One\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    String first = made.header("ETag").orElseThrow();
    assertThat(service.get(path).header("ETag")).hasValue(first);
    assertThat(service.put(path, "{\"name\":\"One\"}").status()).isEqualTo(200);
    assertThat(service.put(path, "{\"name\":\"Two\"}").status()).isEqualTo(428);

    Reply changed = put(path, first, "{\"name\":\"Two\",\"review_threshold\":0.5}");
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    assertThat(changed.json().get("name").textValue()).isEqualTo("Two");
    assertThat(changed.json().get("review_threshold").doubleValue()).isEqualTo(0.5);
    assertThat(changed.header("ETag").orElseThrow()).isNotEqualTo(first);

    Reply stale = put(path, first, "{\"name\":\"Three\"}");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.header("ETag")).isEqualTo(changed.header("ETag"));
    assertThat(service.get(path).json().get("name").textValue()).isEqualTo("Two");
    assertThat(put(ROOT + "/it-absent", "*", "{\"name\":\"X\"}").status()).isEqualTo(404);

    assertThat(put(path, "*", "{\"name\":\"\",\"review_threshold\":1.5}").body())
        .contains("/name", "/review_threshold");
    assertThat(service.put(path, "{\"nam\":\"x\"}").status()).isEqualTo(400);
    assertThat(service.get(path + "/categories").status()).isEqualTo(409);
    assertThat(service.post(path + "/versions/1/activate", "").status()).isEqualTo(404);
    assertThat(service.get(path + "/versions").json().get("items")).isEmpty();
  }

  @Test
  void taxonomiesAreListedInPages() {
    service.put(ROOT + "/it-list-1", "{\"name\":\"x\"}");
    service.put(ROOT + "/it-list-2", "{\"name\":\"x\"}");
    List<String> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page = service.get(ROOT + "?limit=1" + cursor).json();
      seen.addAll(page.get("items").findValuesAsText("code"));
      cursor = page.has("next_cursor") ? "&cursor=" + page.get("next_cursor").textValue() : null;
    }

    assertThat(seen).contains("it-list-1", "it-list-2").doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aTaxonomyInUseIsNotDeleted() throws SQLException {
    send("it-delete", "", SMALL);
    update(
        "insert into item (sku, title, version, created_at, updated_at)"
            + " values ('it-delete', 'x', 1, now(), now())");
    update(
        "insert into label (taxonomy_id, item_id, category_code, source, set_by, set_at)"
            + " select t.id, i.id, 'knives', 'editor', 'it', now() from taxonomy t, item i"
            + " where t.code = 'it-delete' and i.sku = 'it-delete'");

    Reply refused = service.delete(ROOT + "/it-delete");
    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
    assertThat(refused.json().get("type").textValue())
        .isEqualTo("urn:kailash:problem:taxonomy-in-use");
    assertThat(service.get(ROOT + "/it-delete/categories/knives").status()).isEqualTo(200);

    update(
        "delete from label l using taxonomy t where t.id = l.taxonomy_id and t.code = 'it-delete'");
    update("delete from item where sku = 'it-delete'");
    assertThat(service.delete(ROOT + "/it-delete").status()).isEqualTo(204);
    assertThat(service.get(ROOT + "/it-delete").status()).isEqualTo(404);
    assertThat(service.get(ROOT + "/it-delete/categories").status()).isEqualTo(404);
    assertThat(service.delete(ROOT + "/it-delete").status()).isEqualTo(404);
    assertThat(
            count(
                "category c where not exists"
                    + " (select 1 from taxonomy t where t.id = c.taxonomy_id)"))
        .isZero();
  }

  @Test
  void aVersionCannotBeChangedNotEvenInTheDatabase() {
    send("it-frozen", "", SMALL);

    assertThatThrownBy(() -> update("update category set name = 'x' where code = 'knives'"))
        .hasMessageContaining("immutable");
    assertThatThrownBy(() -> update("update taxonomy_version set leaves = 1"))
        .hasMessageContaining("immutable");
  }

  @Test
  void rolesAreKept() {
    send("it-roles", "", SMALL);
    String reader = key("reader");
    String editor = key("editor");

    assertThat(as(reader, "GET", ROOT + "/it-roles/categories").status()).isEqualTo(200);
    assertThat(as(reader, "POST", ROOT + "/it-roles/versions").status()).isEqualTo(403);
    assertThat(as(reader, "PUT", ROOT + "/it-roles").status()).isEqualTo(403);
    assertThat(as(reader, "POST", ROOT + "/it-roles/versions/1/activate").status()).isEqualTo(403);
    assertThat(as(editor, "POST", ROOT + "/it-roles/versions/1/activate").status()).isEqualTo(200);
    assertThat(as(editor, "DELETE", ROOT + "/it-roles").status()).isEqualTo(403);
  }

  @Test
  void importsOfOneTaxonomyAtTheSameTimeHappenOneAfterAnother() throws Exception {
    int files = 6;
    List<Callable<Reply>> imports = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      String file = generated(2000, "f" + i + "-");
      imports.add(() -> send("it-race", "", file));
    }

    List<Reply> replies = atOnce(imports);

    assertThat(replies).extracting(Reply::status).containsOnly(201);
    assertThat(replies.stream().map(reply -> reply.json().get("version").intValue()))
        .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
    assertThat(service.get(ROOT + "/it-race").json().get("active_version").intValue()).isEqualTo(6);
    for (int version = 1; version <= files; version++) {
      assertThat(
              count(
                  "category c join taxonomy t on t.id = c.taxonomy_id where t.code = 'it-race'"
                      + " and c.version = "
                      + version))
          .isEqualTo(2000);
    }
    Reply newest =
        replies.stream()
            .filter(reply -> reply.json().get("version").intValue() == files)
            .findFirst()
            .orElseThrow();
    assertThat(service.get(ROOT + "/it-race").json().get("digest"))
        .isEqualTo(newest.json().get("digest"));
    assertThat(count("audit_entry where subject = 'it-race' and action = 'taxonomy.create'"))
        .isEqualTo(1);
  }

  @Test
  void theSameFileAtTheSameTimeMakesOneVersion() throws Exception {
    String file = generated(2000, "s-");
    List<Callable<Reply>> imports = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      imports.add(() -> send("it-twins", "", file));
    }

    List<Reply> replies = atOnce(imports);

    assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(201, 200, 200, 200);
    assertThat(service.get(ROOT + "/it-twins/versions").json().get("items")).hasSize(1);
  }

  @Test
  void anotherInstanceSeesTheChangeWithinItsRefresh() throws Exception {
    send("it-other", "", "code,name,parent\na,A,\n");
    try (ServiceProcess another = service.startAnother()) {
      assertThat(at(another, "/it-other/categories/a")).isEqualTo(200);

      send("it-other", "", "code,name,parent\nb,B,\n");
      Eventually.until(
          "the change to be seen there", () -> at(another, "/it-other/categories/b") != 404);

      assertThat(at(another, "/it-other/categories/b")).isEqualTo(200);
      send("it-other-new", "", SMALL);
      assertThat(at(another, "/it-other-new/categories/knives")).isEqualTo(200);
    }
  }

  @Test
  void tenThousandCategoriesAreImported() {
    Reply imported = send("it-large", "", generated(10_000, "l-"));

    assertThat(imported.status()).isEqualTo(201);
    assertThat(imported.json().get("categories").intValue()).isEqualTo(10_000);
    System.out.println(
        "import of 10000 categories took " + imported.json().get("milliseconds") + " ms");
  }

  @Test
  void googlesTaxonomyIsImported() throws IOException {
    published("google-taxonomy.txt", 5582, 4709);
  }

  @Test
  void shopifysTaxonomyIsImported() throws IOException {
    published("shopify-taxonomy.txt", 10_595, 8516);
  }

  @Test
  void gpcIsImported() throws IOException {
    published("gs1-gpc.tsv", 6073, 4989);
  }

  private void published(String name, int categories, int leaves) throws IOException {
    Path file = PublishedTaxonomiesTest.find(name);
    Reply imported =
        send(
            "it-" + name.replaceAll("[^a-z0-9]", "-"),
            "",
            BodyPublishers.ofFile(file),
            "application/octet-stream");

    assertThat(imported.status()).as(imported.body()).isEqualTo(201);
    assertThat(imported.json().get("categories").intValue()).isEqualTo(categories);
    assertThat(imported.json().get("leaves").intValue()).isEqualTo(leaves);
    System.out.println(
        "import of " + name + " took " + imported.json().get("milliseconds") + " ms");
  }

  private static String generated(int categories, String prefix) {
    StringBuilder file = new StringBuilder("code,name,parent\n");
    for (int i = 0; i < categories; i++) {
      file.append(prefix).append(i).append(",Category number ").append(i).append(',');
      if (i >= 20) {
        file.append(prefix).append(i / 20);
      }
      file.append('\n');
    }
    return file.toString();
  }

  private static List<Reply> atOnce(List<Callable<Reply>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      CountDownLatch together = new CountDownLatch(calls.size());
      List<Future<Reply>> pending = new ArrayList<>();
      for (Callable<Reply> call : calls) {
        pending.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return call.call();
                }));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> reply : pending) {
        replies.add(reply.get());
      }
      return replies;
    } finally {
      threads.shutdown();
    }
  }

  private Reply send(String code, String query, String text) {
    return send(code, query, BodyPublishers.ofString(text, UTF_8), "text/csv");
  }

  private Reply send(String code, String query, BodyPublisher body, String type) {
    return service.send(
        service
            .request(
                ROOT
                    + "/"
                    + URLEncoder.encode(code, UTF_8).replace("+", "%20")
                    + "/versions"
                    + query)
            .header("Content-Type", type)
            .POST(body));
  }

  private Reply put(String path, String ifMatch, String body) {
    return service.send(
        service
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", ifMatch)
            .PUT(BodyPublishers.ofString(body)));
  }

  private List<String> codes(String taxonomy, String query) {
    Reply reply = service.get(ROOT + "/" + taxonomy + "/categories?" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().get("items").findValuesAsText("code");
  }

  private int at(ServiceProcess instance, String path) {
    return service
        .send(
            HttpRequest.newBuilder(URI.create(instance.baseUri() + ROOT + path))
                .header("Authorization", "Bearer " + service.adminKey()))
        .status();
  }

  private String key(String role) {
    Reply made =
        service.post("/api/v1/clients", "{\"name\":\"it " + role + "\",\"role\":\"" + role + "\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().get("key").textValue();
  }

  private Reply as(String key, String method, String path) {
    String type = path.endsWith("/versions") ? "text/csv" : "application/json";
    return service.send(
        HttpRequest.newBuilder(URI.create(service.baseUri() + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .method(
                method,
                method.equals("GET") || method.equals("DELETE")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString("{}")));
  }

  private static BodyPublisher gzip(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return BodyPublishers.ofByteArray(packed.toByteArray());
  }

  private List<Long> everything() throws SQLException {
    return List.of(
        count("taxonomy"),
        count("taxonomy_version"),
        count("category"),
        count("audit_entry where action like 'taxonomy.%'"));
  }

  private long count(String from) throws SQLException {
    return Long.parseLong(text("select count(*)::text from " + from));
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = service.connection();
        PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private void update(String sql) throws SQLException {
    try (Connection connection = service.connection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
