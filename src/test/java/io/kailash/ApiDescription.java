package io.kailash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

/**
 * A description in OpenAPI 3.0 as its readers understand it, with its examples.
 *
 * <p>An example is a request and its answer under one name: what parameters and request body hold
 * under that name is sent, and the answer is the one that has an example of that name or, where
 * none has, the one without content. A parameter in the path that has no value under the name has
 * its {@code example}.
 */
final class ApiDescription {
  private static final Set<String> METHODS = 
      Set.of("get", "put", "post", "delete", "patch", "options");

  private final JsonNode document;
  private final SchemaRegistry schemas = SchemaRegistry.withDialect(Dialects.getOpenApi30());
  private final List<Operation> operations = new ArrayList<>();

  ApiDescription(JsonNode document) {
    this.document = document;
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(operation -> METHODS.contains(operation.getKey()))
                    .forEach(
                        operation ->
                            operations.add(
                                operation(
                                    operation.getKey(),
                                    path.getKey(),
                                    path.getValue(),
                                    operation.getValue()))));
  }

  private Operation operation(String method, String path, JsonNode item, JsonNode operation) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode place : List.of(item.path("parameters"), operation.path("parameters"))) {
      for (JsonNode parameter : place) {
        JsonNode resolved = resolved(parameter);
        parameters.add(
            new Parameter(resolved.path("name").asText(), resolved.path("in").asText(), resolved));
      }
    }
    Map<Integer, Answer> answers = new LinkedHashMap<>();
    Answer other = null;
    for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
      Answer known = answer(answer.getValue());
      if (answer.getKey().equals("default")) {
        other = known;
      } else {
        answers.put(Integer.valueOf(answer.getKey()), known);
      }
    }
    return new Operation(
        method.toUpperCase(Locale.ROOT), path, operation, parameters, answers, other);
  }

  private Answer answer(JsonNode answer) {
    JsonNode resolved = resolved(answer);
    Map<String, JsonNode> headers = new LinkedHashMap<>();
    resolved
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), resolved(header.getValue())));
    Iterator<Map.Entry<String, JsonNode>> contents =
        resolved.path("content").properties().iterator();
    if (!contents.hasNext()) {
      return new Answer(answer.has("$ref"), headers, null, null, Map.of());
    }
    Map.Entry<String, JsonNode> content = contents.next();
    return new Answer(
        answer.has("$ref"),
        headers,
        content.getKey(),
        content.getValue().path("schema"),
        values(content.getValue()));
  }

  private Map<String, JsonNode> values(JsonNode place) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    place
        .path("examples")
        .properties()
        .forEach(
            example -> values.put(example.getKey(), resolved(example.getValue()).path("value")));
    return values;
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode current = node;
    while (current.has("$ref")) {
      String reference = current.path("$ref").asText();
      current = document.at(reference.substring(1));
      if (current.isMissingNode()) {
        throw new AssertionError("the description refers to " + reference + ", which is nowhere");
      }
    }
    return current;
  }

  List<Operation> operations() {
    return operations;
  }

  Operation operation(String id) {
    return operations.stream()
        .filter(operation -> operation.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no operation " + id));
  }

  /** What an answer may never have been told to be: every kind of problem there is. */
  Set<String> problemTypes() {
    Set<String> types = new LinkedHashSet<>();
    document
        .at("/components/schemas/Problem/properties/type/enum")
        .forEach(t -> types.add(t.asText()));
    return types;
  }

  /**
   * What is wrong with a value. Other than readers, who must expect new fields, this does not let a
   * field pass that is not described.
   */
  List<String> mistakes(JsonNode schema, JsonNode value) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("allOf").add(schema);
    root.set("components", document.path("components").deepCopy());
    closed(root.path("components").path("schemas"));
    List<Error> errors =
        schemas
            .getSchema(root)
            .validate(
                value,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    return errors.stream().map(Error::toString).toList();
  }

  private static void closed(JsonNode schemas) {
    for (JsonNode schema : schemas) {
      if (schema.has("properties") && !schema.has("additionalProperties")) {
        ((ObjectNode) schema).put("additionalProperties", false);
      }
    }
  }

  /**
   * A parameter.
   *
   * @param in path, query or header
   */
  record Parameter(String name, String in, JsonNode node) {
    /** What it is under this name; empty where it is left out. */
    Optional<String> value(String example) {
      JsonNode named = node.path("examples").path(example).path("value");
      if (!named.isMissingNode()) {
        return Optional.of(named.asText());
      }
      return in.equals("path") && node.has("example")
          ? Optional.of(node.path("example").asText())
          : Optional.empty();
    }
  }

  /**
   * An answer.
   *
   * @param shared whether it is described once for many operations
   * @param type of its content; null where there is none, as is the schema
   */
  record Answer(
      boolean shared,
      Map<String, JsonNode> headers,
      String type,
      JsonNode schema,
      Map<String, JsonNode> examples) {}

  /** What is sent; the path begins with a slash, the body may be null. */
  record Request(
      String method, String path, Map<String, String> headers, String contentType, String body) {

    Request withPath(String other) {
      return new Request(method, other, headers, contentType, body);
    }

    Request withMethod(String other) {
      return new Request(other, path, headers, contentType, body);
    }

    Request withHeader(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Request(method, path, more, contentType, body);
    }

    Request withBody(String type, String other) {
      return new Request(method, path, headers, type, other);
    }

    @Override
    public String toString() {
      return method + " " + path + " " + headers + (body == null ? "" : " " + body);
    }
  }

  /**
   * One method of one path.
   *
   * @param other the answer of every status that is not listed
   */
  record Operation(
      String method,
      String path,
      JsonNode node,
      List<Parameter> parameters,
      Map<Integer, Answer> answers,
      Answer other) {

    String id() {
      return node.path("operationId").asText();
    }

    JsonNode contents() {
      return node.path("requestBody").path("content");
    }

    Set<String> contentTypes() {
      Set<String> types = new LinkedHashSet<>();
      contents().fieldNames().forEachRemaining(types::add);
      return types;
    }

    /** Every name under which a request or an answer of its own has an example. */
    Set<String> exampleNames() {
      Set<String> names = new LinkedHashSet<>();
      contents()
          .forEach(content -> content.path("examples").fieldNames().forEachRemaining(names::add));
      parameters.forEach(
          parameter -> parameter.node().path("examples").fieldNames().forEachRemaining(names::add));
      answers.values().stream()
          .filter(answer -> !answer.shared())
          .forEach(answer -> names.addAll(answer.examples().keySet()));
      return names;
    }

    /** The status of the answer that an example gets. */
    int status(String example) {
      List<Integer> named =
          answers.entrySet().stream()
              .filter(answer -> answer.getValue().examples().containsKey(example))
              .map(Map.Entry::getKey)
              .toList();
      List<Integer> silent =
          answers.entrySet().stream()
              .filter(answer -> answer.getValue().type() == null)
              .map(Map.Entry::getKey)
              .toList();
      List<Integer> candidates = named.isEmpty() ? silent : named;
      if (candidates.size() != 1) {
        throw new AssertionError(
            "example " + example + " of " + id() + " fits the answers " + candidates);
      }
      return candidates.get(0);
    }

    /**
     * The request of an example.
     *
     * @param known turns a value of the description into the one that this service uses
     */
    Request request(String example, UnaryOperator<String> known) {
      String address = path;
      List<String> query = new ArrayList<>();
      Map<String, String> headers = new LinkedHashMap<>();
      for (Parameter parameter : parameters) {
        Optional<String> value = parameter.value(example).map(known);
        switch (parameter.in()) {
          case "path" ->
              address =
                  address.replace(
                      "{" + parameter.name() + "}",
                      encoded(
                          value.orElseThrow(
                              () ->
                                  new AssertionError(
                                      "example "
                                          + example
                                          + " of "
                                          + id()
                                          + " has no "
                                          + parameter.name()))));
          case "query" ->
              value.ifPresent(text -> query.add(parameter.name() + "=" + encoded(text)));
          case "header" -> value.ifPresent(text -> headers.put(parameter.name(), text));
          default -> throw new AssertionError("a parameter in " + parameter.in());
        }
      }
      String full = query.isEmpty() ? address : address + "?" + String.join("&", query);
      for (Map.Entry<String, JsonNode> content : contents().properties()) {
        JsonNode value = content.getValue().path("examples").path(example).path("value");
        if (!value.isMissingNode()) {
          String body = value.isTextual() ? value.asText() : value.toString();
          return new Request(method, full, headers, content.getKey(), body);
        }
      }
      if (node.has("requestBody")) {
        throw new AssertionError("example " + example + " of " + id() + " has no body");
      }
      return new Request(method, full, headers, null, null);
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Its own parameters of one kind. */
    Set<String> parameterNames(String in) {
      Set<String> names = new LinkedHashSet<>();
      parameters.stream()
          .filter(parameter -> parameter.in().equals(in))
          .forEach(parameter -> names.add(parameter.name()));
      return names;
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** The names of an object's fields. */
  static List<String> names(JsonNode object) {
    return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
        .toList();
  }
}
