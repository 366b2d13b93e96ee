package io.kailash.transfer.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the tests of this package ask of the running service. */
final class BatchCalls {
  static final String PATH = "/api/v1/batch/classify";
  private static final List<String> WORDS =
      List.of("desk lamp", "corner sofa", "wool rug", "hammer drill", "hand saw", "green tea");

  final RunningService service = RunningService.get();

  static String items(int count, int extraBytes) {
    String extra = "x".repeat(extraBytes);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"ref\":\"r"
                    + i
                    + "\",\"title\":\""
                    + WORDS.get(i % WORDS.size())
                    + " "
                    + i
                    + "\",\"description\":\""
                    + extra
                    + "\"}")
        .collect(Collectors.joining("\n"));
  }

  /** Of which the answers are long, too. */
  static String itemsWithLongNames(int count) {
    return items(count, 0).replace("\"ref\":\"r", "\"ref\":\"r" + "x".repeat(1_300));
  }

  Reply send(String query, String type, String accept, String body) {
    return service.send(
        service
            .request(PATH + query)
            .header("Content-Type", type)
            .header("Accept", accept)
            .POST(BodyPublishers.ofString(body, UTF_8)));
  }

  Reply lines(String query, String body) {
    return send(query, "application/x-ndjson", "application/x-ndjson", body);
  }

  static List<JsonNode> read(String lines) {
    return Arrays.stream(lines.split("\n"))
        .filter(line -> !line.isBlank())
        .map(BatchCalls::json)
        .toList();
  }

  static JsonNode json(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** A figure of {@code /metrics}; 0 where it is not shown. */
  double figure(String name) {
    Matcher line =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$")
            .matcher(service.get("/metrics").body());
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  double classified() {
    String body = service.get("/metrics").body();
    Matcher line =
        Pattern.compile(
                "(?m)^kailash_batch_items_total\\{[^}]*outcome=\"classified\"[^}]*} (\\S+)$")
            .matcher(body);
    assertThat(line.find()).as(body).isTrue();
    return Double.parseDouble(line.group(1));
  }

  /** A request on a socket of its own, whose answer is read as the test likes. */
  Socket open(String query, String body) throws IOException {
    URI base = service.baseUri();
    Socket socket = new Socket();
    // Small, so that little of the answer hides in the network.
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(new java.net.InetSocketAddress(base.getHost(), base.getPort()));
    byte[] bytes = body.getBytes(UTF_8);
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + PATH
                    + query
                    + " HTTP/1.1\r\nHost: "
                    + base.getHost()
                    + "\r\nAuthorization: Bearer "
                    + service.adminKey()
                    + "\r\n"
                    + "Content-Type: application/x-ndjson\r\n"
                    + "Connection: close\r\n"
                    + "Content-Length: "
                    + bytes.length
                    + "\r\n\r\n")
                .getBytes(UTF_8));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return socket;
  }

  JsonNode awaitJob(URI base, String id) throws Exception {
    JsonNode[] job = new JsonNode[1];
    Eventually.until(
        "the end of job " + id,
        () -> {
          Reply reply =
              service.send(
                  java.net.http.HttpRequest.newBuilder(URI.create(base + "/api/v1/jobs/" + id))
                      .header("Authorization", "Bearer " + service.adminKey()));
          job[0] = reply.json();
          return job[0].has("ended_at");
        });
    return job[0];
  }
}
