package io.kailash.certification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Has a running service compare its derived stores with PostgreSQL, by counts and digests, and
 * prints what differs.
 *
 * <p>Ends with 0 where all are the same, 1 where one differs, 2 where one could not be compared.
 */
public final class CheckProjections {
  static final String USAGE =
      """
      --address URL    the service (http://127.0.0.1:8080)
      --key KEY        an administrator's key; else the variable KEY, else the file admin.key
      --data FOLDER    where that file lies (data)
      --targets NAMES  only these, with commas between (all that can be compared)
      --limit NUMBER   how many differences are named of each part (20)
      """;

  private static final Duration LONGEST_CHECK = Duration.ofMinutes(30);
  private static final int SAME = 0;
  private static final int DIFFERENT = 1;
  private static final int NOT_COMPARED = 2;

  private final PrintStream out;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  CheckProjections(PrintStream out) {
    this.out = out;
  }

  /** Checks and ends. */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(new CheckProjections(System.out).run(arguments));
  }

  int run(String... arguments) throws InterruptedException {
    try {
      Options options =
          Options.of(List.of("address", "key", "data", "targets", "limit"), arguments);
      if (options.help()) {
        out.print(USAGE);
        return SAME;
      }
      return check(options);
    } catch (Options.WrongOptionException | IllegalArgumentException wrong) {
      out.println("not compared: " + wrong.getMessage());
    } catch (NoSuchFileException missing) {
      out.println(
          "not compared: no key is given, and " + missing.getMessage() + " is not there either");
    } catch (JsonProcessingException other) {
      out.println("not compared: what answers is no service of this kind");
    } catch (IOException silence) {
      out.println("not compared: no answer (" + silence + ")");
    }
    return NOT_COMPARED;
  }

  private int check(Options options) throws IOException, InterruptedException {
    String address =
        options.text("address").orElse("http://127.0.0.1:8080").replaceAll("/+$", "")
            + "/api/v1/operations/projections";
    String key = key(options);
    Reply states = get(address, key);
    if (states.status() != 200) {
      out.println("not compared: " + states.reason());
      return NOT_COMPARED;
    }
    List<String> wanted = options.list("targets");
    List<JsonNode> targets = new ArrayList<>();
    for (JsonNode target : states.body().path("targets")) {
      if (wanted.isEmpty() || wanted.contains(target.path("target").asText())) {
        targets.add(target);
      }
    }
    if (targets.isEmpty() || targets.size() < wanted.size()) {
      out.println("not compared: not all of these targets are there: " + String.join(", ", wanted));
      return NOT_COMPARED;
    }
    int worst = SAME;
    for (JsonNode target : targets) {
      String name = target.path("target").asText();
      Reply reply =
          get(address + "/" + name + "/check?limit=" + options.text("limit").orElse("20"), key);
      int outcome = print(name, reply, !wanted.isEmpty());
      worst = Math.max(worst, outcome);
    }
    out.println(
        switch (worst) {
          case SAME -> "all are as PostgreSQL says";
          case DIFFERENT ->
              "POST " + address + "/{target}/rebuild writes a target anew from PostgreSQL";
          default -> "not all could be compared";
        });
    return worst;
  }

  private int print(String target, Reply reply, boolean asked) {
    if (reply.status() == 404 && !asked) {
      out.println(target + ": keeps nothing that could be compared");
      return SAME;
    }
    if (reply.status() != 200) {
      out.println(target + ": not compared: " + reply.reason());
      return NOT_COMPARED;
    }
    boolean same = reply.body().path("same").asBoolean();
    out.println(
        target
            + ": "
            + (same ? "same" : "DIFFERENT")
            + ", "
            + reply.body().path("took_millis").asLong()
            + " ms");
    for (JsonNode part : reply.body().path("parts")) {
      out.println(
          "  "
              + part.path("part").asText()
              + ": "
              + part.path("expected").asLong()
              + " in PostgreSQL, digest "
              + part.path("expected_digest").asText()
              + "\n  "
              + " ".repeat(part.path("part").asText().length())
              + "  "
              + part.path("found").asLong()
              + " in the target, digest "
              + part.path("found_digest").asText());
      for (JsonNode one : part.path("differences")) {
        out.println(
            "    "
                + one.path("key").asText()
                + ": should be "
                + one.path("expected").asText("nothing")
                + "; is "
                + one.path("found").asText("nothing"));
      }
      long more = part.path("differing").asLong() - part.path("differences").size();
      if (more > 0) {
        out.println("    and " + more + " more");
      }
    }
    return same ? SAME : DIFFERENT;
  }

  private record Reply(int status, JsonNode body) {
    String reason() {
      return "status " + status + ", " + body.path("detail").asText(body.path("title").asText());
    }
  }

  private Reply get(String address, String key) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(address))
                .timeout(LONGEST_CHECK)
                .header("Authorization", "Bearer " + key)
                .GET()
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Reply(answer.statusCode(), JsonMapper.builder().build().readTree(answer.body()));
  }

  private static String key(Options options) throws IOException {
    if (options.text("key").isPresent()) {
      return options.text("key").get();
    }
    String inEnvironment = System.getenv("KEY");
    if (inEnvironment != null && !inEnvironment.isBlank()) {
      return inEnvironment.strip();
    }
    return Files.readString(options.path("data", "data").resolve("admin.key")).strip();
  }
}
