package io.kailash.certification.targets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mistake in the data names its file and its line; a gate without criteria is none. */
class TargetsTest {
  private static final Path JMETER = Path.of("jmeter");

  @TempDir Path folder;

  @BeforeEach
  void copies() throws IOException {
    for (String file :
        List.of("targets.yaml", "targets.schema.json", "scenarios.yaml", "scenarios.schema.json")) {
      Files.copy(JMETER.resolve(file), folder.resolve(file));
    }
  }

  private int change(String file, String from, String to) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path, UTF_8);
    int at = text.indexOf(from);
    assertThat(at).as(from).isNotNegative();
    Files.writeString(path, text.substring(0, at) + to + text.substring(at + from.length()), UTF_8);
    return (int) text.substring(0, at).lines().count();
  }

  private void read() {
    Targets.read(folder, Scenarios.read(folder));
  }

  @Test
  void everyGateCriterionIsShownBySomething() {
    Targets targets = Targets.read(JMETER, Scenarios.read(JMETER));
    targets
        .gates()
        .values()
        .forEach(
            gate ->
                gate.criteria()
                    .forEach(
                        criterion ->
                            assertThat(targets.criteria(gate.gate()))
                                .anyMatch(c -> c.use().criterion().equals(criterion.id()))));
  }

  @Test
  void everyScenarioSaysWhichGatesNeedIt() {
    Scenarios scenarios = Scenarios.read(JMETER);
    Targets targets = Targets.read(JMETER, scenarios);
    scenarios
        .byId()
        .values()
        .forEach(
            scenario ->
                scenario
                    .gates()
                    .forEach(gate -> assertThat(targets.scenarios(gate)).contains(scenario.id())));
  }

  @Test
  void aValueOfTheWrongKindIsRefusedWithItsLine() throws IOException {
    int line = change("targets.yaml", "value: 500\n", "value: quick\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining("targets.yaml: line " + line + ":")
        .hasMessageContaining("/value");
  }

  @Test
  void aFieldThatIsNotKnownIsRefusedWithItsLine() throws IOException {
    change("scenarios.yaml", "kind: closed\n", "kind: closed\n    speed: 3\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining("scenarios.yaml: line 1")
        .hasMessageContaining("speed");
  }

  @Test
  void whatIsNamedAndNotThereIsRefusedWithItsLine() throws IOException {
    change("targets.yaml", "scenario: health}", "scenario: illness}");
    change("targets.yaml", "ruling: R9", "ruling: R99");
    assertThatThrownBy(this::read)
        .hasMessageContaining("there is no scenario illness")
        .hasMessageContaining("no ruling R99");
  }

  @Test
  void whatIsThereTwiceIsRefused() throws IOException {
    change("targets.yaml", "- id: response.classify.p99", "- id: response.classify.p95");
    assertThatThrownBy(this::read).hasMessageContaining("response.classify.p95 is there twice");
    change("scenarios.yaml", "- id: stores\n", "- id: health\n");
    assertThatThrownBy(() -> Scenarios.read(folder))
        .hasMessageContaining("scenario health is there twice");
  }

  @Test
  void whatIsNoYamlNoTextOrNotThereIsRefused() throws IOException {
    Files.writeString(folder.resolve("targets.yaml"), "targets: [\n  {id: a\n", UTF_8);
    assertThatThrownBy(this::read).hasMessageContaining("targets.yaml: line ");
    Files.write(folder.resolve("targets.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(this::read).hasMessageContaining("is not UTF-8");
    Files.writeString(folder.resolve("targets.yaml"), "", UTF_8);
    assertThatThrownBy(this::read).hasMessageContaining("is empty");
    Files.delete(folder.resolve("targets.yaml"));
    assertThatThrownBy(this::read).hasMessageContaining("is not there");
  }
}
