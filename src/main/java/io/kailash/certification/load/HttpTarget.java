package io.kailash.certification.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The deployment under load, by HTTP: no retries, no redirects, no cookies, no second thoughts. */
final class HttpTarget implements AutoCloseable {

  /** Environment variable with the key of a deployment of one's own. */
  static final String KEY_VARIABLE = "KAILASH_GATE_KEY";

  private final URI base;
  private final String authorization;
  private final CloseableHttpClient client;
  private final ObjectMapper json = JsonMapper.builder().build();
  private final Map<Integer, RequestConfig> limits = new TreeMap<>();

  /** An answer with its whole body. */
  record Reply(
      int status, byte[] body, long sentBytes, long firstByteNanos, Map<String, String> headers) {}

  HttpTarget(URI base, String key, int connections) {
    this.base = base;
    this.authorization = key == null ? null : "Bearer " + key;
    for (int seconds : new int[] {1, 5, 10, 30, 300}) {
      limits.put(
          seconds,
          RequestConfig.custom()
              .setResponseTimeout(Timeout.ofSeconds(seconds))
              .setConnectionRequestTimeout(Timeout.ofSeconds(seconds))
              .build());
    }
    client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                    .setMaxConnTotal(connections)
                    .setMaxConnPerRoute(connections)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.ofSeconds(5))
                            .setSocketTimeout(Timeout.ofSeconds(300))
                            .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                            .build())
                    .build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableDefaultUserAgent()
            .build();
  }

  /** The deployment that a description names. */
  static HttpTarget of(Path description, int connections) throws IOException {
    JsonNode told = JsonMapper.builder().build().readTree(Files.readString(description));
    String key = told.hasNonNull("key") ? told.get("key").asText() : System.getenv(KEY_VARIABLE);
    if (key == null || key.isBlank()) {
      throw new IOException(
          "the key of the deployment is missing: set the environment variable " + KEY_VARIABLE);
    }
    return new HttpTarget(URI.create(told.get("url").asText()), key, connections);
  }

  URI base() {
    return base;
  }

  String authorization() {
    return authorization;
  }

  HttpUriRequestBase request(String method, String path, int limitSeconds) {
    HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(base + path));
    RequestConfig limit = limits.get(limitSeconds);
    if (limit == null) {
      throw new IllegalArgumentException("no limit of " + limitSeconds + " s");
    }
    request.setConfig(limit);
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    return request;
  }

  HttpUriRequestBase request(
      String method, String path, int limitSeconds, String mediaType, byte[] body) {
    HttpUriRequestBase request = request(method, path, limitSeconds);
    request.setEntity(new ByteArrayEntity(body, ContentType.create(mediaType)));
    return request;
  }

  Reply send(HttpUriRequestBase request) throws IOException {
    long began = System.nanoTime();
    long sent = request.getEntity() == null ? 0 : request.getEntity().getContentLength();
    return client.execute(
        request,
        answer -> {
          long firstByte = System.nanoTime() - began;
          HttpEntity entity = answer.getEntity();
          byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
          Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          for (Header header : answer.getHeaders()) {
            headers.put(header.getName(), header.getValue());
          }
          return new Reply(answer.getCode(), body, sent, firstByte, headers);
        });
  }

  CloseableHttpClient client() {
    return client;
  }

  JsonNode read(byte[] body) throws IOException {
    return json.readTree(body);
  }

  byte[] write(Object value) throws IOException {
    return json.writeValueAsBytes(value);
  }

  /** What a path answers; anything but 200 is thrown. */
  JsonNode get(String path) throws IOException {
    Reply reply = send(request("GET", path, 30));
    if (reply.status() != 200) {
      throw new IOException(
          "GET "
              + path
              + " answers "
              + reply.status()
              + ": "
              + new String(
                  reply.body(),
                  0,
                  Math.min(300, reply.body().length),
                  java.nio.charset.StandardCharsets.UTF_8));
    }
    return read(reply.body());
  }

  String text(String path) throws IOException {
    Reply reply = send(request("GET", path, 30));
    if (reply.status() != 200) {
      throw new IOException("GET " + path + " answers " + reply.status());
    }
    return new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
