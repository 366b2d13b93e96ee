package io.kailash.certification.certificate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kailash.certification.judgement.Assessment;
import java.util.List;
import java.util.Map;

/** What is signed: an in-toto statement about the WAR. */
public final class Statement {
  static final String TYPE = "https://in-toto.io/Statement/v1";
  static final String PREDICATE = "https://kailash.io/certification/v1";

  private Statement() {}

  /**
   * Makes it.
   *
   * @param report the whole report as JSON
   * @param files name to digest of what it was judged by: targets and scenarios
   * @param settings settings of the build that was judged; {@code null} where they were not
   *     recorded
   */
  public static JsonNode of(
      Assessment assessment, JsonNode report, Map<String, String> files, JsonNode settings) {
    List<String> missing = missing(assessment, settings);
    ObjectNode statement = new ObjectMapper().createObjectNode();
    statement.put("_type", TYPE);
    statement
        .putArray("subject")
        .addObject()
        .put("name", "kailash.war")
        .putObject("digest")
        .put("sha256", assessment.build().warSha256());
    statement.put("predicateType", PREDICATE);
    ObjectNode predicate = statement.putObject("predicate");
    predicate.put("kind", missing.isEmpty() ? "certificate" : "report");
    var list = predicate.putArray("missing");
    missing.forEach(list::add);
    predicate.set("settings", settings);
    ObjectNode digests = predicate.putObject("judged_by");
    files.forEach(digests::put);
    predicate.set("report", report);
    return statement;
  }

  /** Whether a statement is a certificate. */
  public static boolean isCertificate(JsonNode statement) {
    JsonNode predicate = statement.path("predicate");
    return predicate.path("kind").asText().equals("certificate")
        && predicate.path("missing").isArray()
        && predicate.path("missing").isEmpty()
        && predicate.path("report").path("verdict").asText().equals("PASS");
  }

  private static List<String> missing(Assessment assessment, JsonNode settings) {
    List<String> missing = new java.util.ArrayList<>(assessment.missing());
    if (assessment.build().warSha256().isEmpty()) {
      missing.add("no result names the build");
    }
    if (settings == null) {
      missing.add("the settings of the build were not recorded (settings.json in the results)");
    }
    return missing;
  }
}
