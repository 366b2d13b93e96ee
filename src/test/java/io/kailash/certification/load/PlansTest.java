package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * What is in {@code jmeter/plans} is what the fragments make, and every scenario has a plan.
 *
 * <p>{@code mvn test -Dtest=PlansTest -Dplans.write=true} writes the files anew.
 */
class PlansTest {

  private static final Path FOLDER = Path.of("jmeter", "plans");

  @Test
  void theFilesAreWhatTheFragmentsMake() throws IOException {
    if (Boolean.getBoolean("plans.write")) {
      Files.createDirectories(FOLDER);
      for (Plans.Plan plan : Plans.all()) {
        Files.writeString(FOLDER.resolve(plan.file()), Plans.render(plan), UTF_8);
      }
    }
    List<String> names;
    try (Stream<Path> files = Files.list(FOLDER)) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(Plans.all().stream().map(Plans.Plan::file).toList());
    for (Plans.Plan plan : Plans.all()) {
      assertThat(Files.readString(FOLDER.resolve(plan.file()), UTF_8))
          .isEqualTo(Plans.render(plan));
    }
  }

  @Test
  void everyScenarioWithALoadHasAPlanThatSendsIt() throws IOException {
    List<String> without = new ArrayList<>();
    for (Scenarios.Scenario scenario : Scenarios.in(Path.of("jmeter", "scenarios.yaml")).all()) {
      try {
        Plans.Plan plan = Plans.of(scenario);
        assertThat(plan.open()).as(scenario.id()).isEqualTo(scenario.open());
        assertThat(plan.operations()).containsAll(scenario.operations().keySet());
      } catch (IOException e) {
        without.add(scenario.id());
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void aFilledPlanIsXmlWithoutOpenParameters() throws Exception {
    Map<String, String> parameters =
        Map.of("threads", "7", "warm-threads", "3", "ramp", "0", "folder", "/a & b/<c>");
    for (Plans.Plan plan : Plans.all()) {
      String text = Plans.filled(FOLDER.resolve(plan.file()), parameters);
      assertThat(text).doesNotContain("__P(");
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(text.getBytes(UTF_8)));
      NodeList collectors = document.getElementsByTagName("ResultCollector");
      assertThat(collectors.getLength()).isEqualTo(1);
      assertThat(collectors.item(0).getTextContent()).contains("/a & b/<c>/samples.jtl");
      assertThat(document.getElementsByTagName("JavaSampler").getLength()).isEqualTo(4);
    }
  }

  @Test
  void severalPlansBecomeOneInTheirOrder() throws Exception {
    List<String> filled = new ArrayList<>();
    for (String name : List.of("mix.jmx", "health.jmx")) {
      filled.add(
          Plans.filled(
              FOLDER.resolve(name),
              Map.of("threads", "1", "warm-threads", "1", "ramp", "0", "folder", "in-" + name)));
    }

    String all = Plans.oneAfterAnother(filled);

    Document document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(all.getBytes(UTF_8)));
    assertThat(document.getElementsByTagName("ThreadGroup").getLength()).isEqualTo(8);
    assertThat(document.getElementsByTagName("TestPlan").getLength()).isEqualTo(1);
    assertThat(all).doesNotContain("SetupThreadGroup").doesNotContain("PostThreadGroup");
    assertThat(all.lastIndexOf("in-mix.jmx")).isLessThan(all.indexOf("in-health.jmx"));
  }

  @Test
  void aPlanWithAParameterThatNobodyKnowsIsRefused() {
    assertThatThrownBy(() -> Plans.filled(FOLDER.resolve("mix.jmx"), Map.of("threads", "1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("load.folder");
  }

  @Test
  void whatIsAMultipleOfTheCapacityComesAfterTheSearchForIt() throws IOException {
    Scenarios scenarios = Scenarios.in(Path.of("jmeter", "scenarios.yaml"));

    assertThat(scenarios.of("3", List.of("overload.*")).stream().map(Scenarios.Scenario::id))
        .containsExactly("capacity", "overload.double", "overload.recovery");
    assertThatThrownBy(() -> scenarios.of("1", List.of("no-such")))
        .hasMessageContaining("no-such")
        .hasMessageContaining("mix.sustained");
  }
}
