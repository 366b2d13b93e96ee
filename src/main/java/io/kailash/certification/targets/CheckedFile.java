package io.kailash.certification.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A file of YAML or JSON (which is YAML too) that keeps its JSON Schema, and knows on which line
 * each of its values stands.
 */
public final class CheckedFile {
  private static final long LARGEST_BYTES = 16L << 20;
  private static final int MOST_PROBLEMS = 20;

  private final Path file;
  private final JsonNode content;
  private final Map<String, Integer> lines;

  private CheckedFile(Path file, JsonNode content, Map<String, Integer> lines) {
    this.file = file;
    this.content = content;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @param schema file of the JSON Schema it has to keep
   * @throws BrokenFileException if it cannot be read or breaks the schema; names every line
   */
  public static CheckedFile read(Path file, Path schema) {
    String text = text(file);
    Map<String, Integer> lines = new HashMap<>();
    JsonNode content;
    try {
      Node root = new Yaml(limits()).compose(new StringReader(text));
      if (root == null) {
        throw new BrokenFileException(file, List.of("is empty"));
      }
      mark("", root, lines);
      content =
          new YAMLMapper(YAMLFactory.builder().loaderOptions(limits()).build()).readTree(text);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new BrokenFileException(file, "line " + line + ": " + e.getProblem(), e);
    } catch (JsonProcessingException e) {
      throw new BrokenFileException(file, e.getOriginalMessage(), e);
    }
    CheckedFile read = new CheckedFile(file, content, lines);
    read.refuse(
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text(schema))
            .validate(content)
            .stream()
            .map(read::problem)
            .toList());
    return read;
  }

  /** What is in it. */
  public JsonNode content() {
    return content;
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /**
   * A mistake at a value.
   *
   * @param pointer JSON pointer of the value
   */
  Problem problem(String pointer, String says) {
    return new Problem(line(pointer), says);
  }

  /**
   * Refuses the file if there is anything to refuse.
   *
   * @throws BrokenFileException if there is
   */
  void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      List<String> said =
          problems.stream()
              .sorted(Comparator.comparingInt(Problem::line))
              .map(problem -> "line " + problem.line() + ": " + problem.says())
              .distinct()
              .limit(MOST_PROBLEMS)
              .toList();
      throw new BrokenFileException(file, said);
    }
  }

  record Problem(int line, String says) {}

  private Problem problem(Error error) {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
      steps.add(String.valueOf(error.getInstanceLocation().getElement(i)));
    }
    String pointer = steps.isEmpty() ? "" : "/" + String.join("/", steps);
    return problem(
        pointer,
        (pointer.isEmpty() ? "" : pointer + " ") + error.getMessage().replaceFirst("^[^:]*: ", ""));
  }

  private int line(String pointer) {
    String at = pointer;
    while (!lines.containsKey(at)) {
      at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
    }
    return lines.get(at);
  }

  private static void mark(String pointer, Node node, Map<String, Integer> lines) {
    lines.put(pointer, node.getStartMark().getLine() + 1);
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          mark(pointer + "/" + key.getValue(), entry.getValueNode(), lines);
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        mark(pointer + "/" + i, sequence.getValue().get(i), lines);
      }
    }
  }

  private static LoaderOptions limits() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(10);
    options.setCodePointLimit((int) LARGEST_BYTES);
    return options;
  }

  private static String text(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_BYTES) {
        throw new BrokenFileException(file, List.of("is larger than " + LARGEST_BYTES + " bytes"));
      }
      return Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw new BrokenFileException(file, "is not there", e);
    } catch (MalformedInputException e) {
      throw new BrokenFileException(file, "is not UTF-8", e);
    } catch (IOException e) {
      throw new BrokenFileException(file, "cannot be read: " + e, e);
    }
  }
}
