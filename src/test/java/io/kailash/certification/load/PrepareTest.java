package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is laid out as its settings ask, on a deployment that only nods. */
class PrepareTest {

  @TempDir Path project;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private void layOut(Map<String, String> settings) throws Exception {
    for (String folder :
        new String[] {"jmeter/plans", "src/main/resources/starter", "target/certification"}) {
      Files.createDirectories(project.resolve(folder));
    }
    copy("jmeter/scenarios.yaml");
    copy("src/main/resources/starter/items.csv");
    for (Plans.Plan plan : Plans.all()) {
      copy("jmeter/plans/" + plan.file());
    }
    try (TinyService service = new TinyService(TinyService.Manner.RIGHT)) {
      Files.writeString(
          project.resolve("target/certification/target.json"),
          "{\"url\":\""
              + service.address()
              + "\",\"key\":\"kk_any\",\"redis\":{\"url\":\"redis://127.0.0.1:1\"}}",
          UTF_8);
      new Prepare(
              project,
              (name, otherwise) -> settings.getOrDefault(name, otherwise),
              Clock.systemUTC(),
              new PrintStream(said, true, UTF_8))
          .layOut();
    }
  }

  private void copy(String file) throws IOException {
    if (!Files.exists(project.resolve(file))) {
      Files.copy(Path.of(file), project.resolve(file));
    }
  }

  private LoadOrder order(String gate, String scenario) throws IOException {
    return LoadOrder.in(project.resolve("target/certification").resolve(gate).resolve(scenario));
  }

  @Test
  void aShortenedGateKeepsRatesAndUsersAndSaysWhatWasSpecified() throws Exception {
    layOut(Map.of("gate", "2", "gate.time-scale", "0.01", "gate.items", "200"));

    LoadOrder mix = order("gate-2", "mix.sustained");
    assertThat(mix.open()).isTrue();
    assertThat(mix.arrivals()).containsExactly(new LoadOrder.Arrivals(36, 1000, 1000));
    assertThat(mix.seconds()).isEqualTo(36);
    assertThat(mix.specifiedSeconds()).isEqualTo(3600);
    assertThat(mix.timeScale()).isEqualTo(0.01);
    assertThat(mix.operations())
        .containsEntry("classify", 60.0)
        .containsEntry("recommend", 25.0)
        .containsEntry("items.read", 10.0)
        .containsEntry("admin", 5.0);
    LoadOrder users = order("gate-2", "baseline.target_load");
    assertThat(users.open()).isFalse();
    assertThat(users.threads()).isEqualTo(100);
    assertThat(users.seconds()).isEqualTo(144);
    String plan = Files.readString(project.resolve("target/certification/plans/gate.jmx"), UTF_8);
    assertThat(plan.indexOf("baseline.target_load")).isBetween(0, plan.indexOf("mix.sustained"));
    assertThat(project.resolve("target/certification/open")).exists();
  }

  @Test
  void onlyWhatIsNamedIsRunAndOnlyStoresThatAreThere() throws Exception {
    layOut(Map.of("gate", "1", "gate.only", "stores,health", "gate.items", "200"));

    assertThat(order("gate-1", "stores").operations().keySet())
        .containsExactlyInAnyOrder("redis.hit", "redis.miss", "redis.session", "redis.store");
    assertThat(order("gate-1", "stores").inTurn()).isTrue();
    assertThat(order("gate-1", "health").phases()).isEqualTo(2);
    assertThat(project.resolve("target/certification/gate-1/baseline.single_user")).doesNotExist();
    assertThat(said.toString(UTF_8)).contains("not measured: [postgresql.select");
  }

  @Test
  void whatAnEarlierRunLeftIsGone() throws Exception {
    Path old = project.resolve("target/certification/gate-1/health/phase.json");
    Files.createDirectories(old.getParent());
    Files.writeString(old, "{}", UTF_8);

    layOut(Map.of("gate", "1", "gate.only", "health", "gate.items", "200"));

    assertThat(old).doesNotExist();
  }

  @Test
  void aWrongSettingIsNamed() {
    assertThatThrownBy(() -> layOut(Map.of("gate.time-scale", "2")))
        .hasMessageContaining("-Dgate.time-scale=2");
    assertThatThrownBy(() -> layOut(Map.of("gate", "5"))).hasMessageContaining("-Dgate=5");
    assertThatThrownBy(() -> layOut(Map.of("gate.only", "health", "gate.items", "many")))
        .hasMessageContaining("-Dgate.items=many");
  }
}
