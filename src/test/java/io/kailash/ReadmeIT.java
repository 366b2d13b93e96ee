package io.kailash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.Needs;
import io.kailash.stack.RunningService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What the README tells people to type works. */
class ReadmeIT {
  private static final Path PROJECT = Path.of(System.getProperty("kailash.project", "."));
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
  private static final Pattern MAVEN =
      Pattern.compile("\\bmvn( +(?:-[A-Za-z][^\\s`,;]*|[a-z][a-z:@-]*))+");
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:8080");
  private static final int PATIENCE_SECONDS = 120;

  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(PROJECT.resolve("README.md"), UTF_8);
  }

  private static List<String> blocks() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(readme());
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  @TestFactory
  @Needs("curl")
  Stream<DynamicTest> everyCallIsAnswered() throws Exception {
    RunningService service = RunningService.get();
    SampleShop.in(service);
    List<String> calls = blocks().stream().filter(block -> block.contains("curl")).toList();
    assertThat(calls).isNotEmpty();
    return calls.stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    call.lines().findFirst().orElse(""), () -> run(service, call)));
  }

  /**
   * Without {@code -f} curl is content with any answer, and with {@code sh -e} none is passed over.
   */
  private void run(RunningService service, String call) throws IOException, InterruptedException {
    assertThat(call.replace("curl -f ", "")).as("every curl has -f").doesNotContain("curl ");
    Path output = Files.createTempFile(folder, "call", ".txt");
    ProcessBuilder shell =
        new ProcessBuilder(
                "sh", "-e", "-c", ADDRESS.matcher(call).replaceAll(service.baseUri().toString()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().put("KEY", service.adminKey());
    Process process = shell.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end of " + call);
    }
    assertThat(process.exitValue()).as(call + Files.readString(output, UTF_8)).isZero();
  }

  @Test
  void mavenKnowsEveryProfileAndProperty()
      throws IOException, ParserConfigurationException, SAXException {
    Element pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(PROJECT.resolve("pom.xml").toFile())
            .getDocumentElement();
    Set<String> profiles = new TreeSet<>();
    NodeList profileNodes = pom.getElementsByTagName("profile");
    for (int i = 0; i < profileNodes.getLength(); i++) {
      Element profile = (Element) profileNodes.item(i);
      profiles.add(profile.getElementsByTagName("id").item(0).getTextContent());
    }
    Set<String> properties = new TreeSet<>();
    NodeList propertyNodes = pom.getElementsByTagName("properties");
    for (int i = 0; i < propertyNodes.getLength(); i++) {
      NodeList children = propertyNodes.item(i).getChildNodes();
      for (int j = 0; j < children.getLength(); j++) {
        properties.add(children.item(j).getNodeName());
      }
    }
    String sources = sources();
    List<String> unknown = new ArrayList<>();
    int commands = 0;
    Matcher command = MAVEN.matcher(readme());
    while (command.find()) {
      commands++;
      for (String word : command.group().split(" +")) {
        String name = word.replaceFirst("^-[PD]", "").replaceFirst("=.*", "");
        boolean known =
            word.startsWith("-P")
                ? profiles.contains(name)
                : !word.startsWith("-D")
                    || properties.contains(name)
                    || sources.contains('"' + name + '"');
        if (!known) {
          unknown.add(word + " in: " + command.group());
        }
      }
    }
    assertThat(commands).isGreaterThan(2);
    assertThat(unknown).isEmpty();
  }

  /** Settings of the service are named in its sources, not in the pom. */
  private static String sources() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(PROJECT.resolve("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        text.append(Files.readString(file, UTF_8));
      }
    }
    return text.toString();
  }
}
