package io.kailash.recommendation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecommenderEvaluationTest {

  private static final Path PUBLISHED = Path.of("..", "shared", "data", "ml-100k", "u.data");

  @TempDir Path folder;

  private static String run(Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new RecommenderEvaluationCommand(
            properties, Clock.systemUTC(), new PrintStream(out, true, StandardCharsets.UTF_8))
        .run();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onPublishedRatingsTheTunedFusionBeatsEverySourceAsPublished() throws IOException {
    boolean present = Files.isReadable(PUBLISHED);
    if (!present) {
      System.out.println("RecommenderEvaluationTest did not run: there is no file " + PUBLISHED);
    }
    assumeTrue(present, "there is no file " + PUBLISHED);
    Path json = folder.resolve("figures.json");
    run(
        Map.of(
            "interactions", PUBLISHED.toString(),
            "separator", "tab",
            "fields.user", "1",
            "fields.item", "2",
            "fields.value", "3",
            "fields.time", "4",
            "json", json.toString()));
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    // As published for this split: EASE 0.197 and 0.191.
    assertThat(figures.at("/EASE/recallAt20").asDouble()).isCloseTo(0.197, within(0.002));
    assertThat(figures.at("/EASE/ndcgAt10").asDouble()).isCloseTo(0.191, within(0.002));
    assertThat(figures.at("/fusion, tuned/recallAt20").asDouble()).isGreaterThan(0.23);
    assertThat(figures.at("/fusion, tuned/ndcgAt10").asDouble()).isGreaterThan(0.235);
  }

  @Test
  void theCommandPrintsEverySourceTheFusionAndWhatEachAdds() throws IOException {
    Path file = folder.resolve("interactions.ndjson.gz");
    InteractionFile.write(new SyntheticInteractions(6_000, 300, 100, 8, 3), file);
    Path model = folder.resolve("model");
    String printed = run(Map.of("interactions", file.toString(), "model", model.toString()));
    assertThat(printed)
        .contains(
            " interactions, 300 users, ",
            "popularity",
            "item-kNN",
            "iALS",
            "EASE",
            "fusion, equal weights",
            "fusion, tuned",
            "without item-knn",
            "without ials",
            "without ease",
            "without popularity",
            "CPU-s");
    try (InputStream in = Files.newInputStream(model)) {
      assertThat(RecommenderModel.read(in).description().users()).isEqualTo(300);
    }
  }

  @Test
  void aFileWrittenAndReadHoldsTheSameInteractions() throws IOException {
    List<Interaction> list = new ArrayList<>();
    new SyntheticInteractions(500, 40, 30, 3, 11).forEach(list::add);
    list.add(new Interaction("Ü \"quoted\", and\nbroken", "日本", Kind.RATING, 2.5f, -5));
    Path file = folder.resolve("interactions.ndjson");
    InteractionFile.write(InteractionSource.of(list), file);
    List<Interaction> read = new ArrayList<>();
    new InteractionFile(file, InteractionFile.Fields.standard()).forEach(read::add);
    assertThat(read).isEqualTo(list);
  }

  @Test
  void separatedValuesAreReadByNameAndByNumber() throws IOException {
    Path named = folder.resolve("named.csv");
    Files.writeString(
        named,
        "item,user,kind,time,value\n\"a,1\",u,purchase,2026-01-01T00:00:00+01:00,\nb,u,rating,5,4.5\n");
    List<Interaction> read = new ArrayList<>();
    new InteractionFile(named, InteractionFile.Fields.standard()).forEach(read::add);
    assertThat(read)
        .containsExactly(
            new Interaction("u", "a,1", Kind.PURCHASE, Float.NaN, 1_767_222_000_000L),
            new Interaction("u", "b", Kind.RATING, 4.5f, 5_000));
    Path numbered = folder.resolve("numbered.data");
    Files.writeString(numbered, "7\t8\t3\t881250949\n7\t9\t4\t1700000000000\n");
    read.clear();
    new InteractionFile(numbered, new InteractionFile.Fields("1", "2", "3", "4", "", '\t'))
        .forEach(read::add);
    assertThat(read)
        .containsExactly(
            new Interaction("7", "8", Kind.RATING, 3, 881_250_949_000L),
            new Interaction("7", "9", Kind.RATING, 4, 1_700_000_000_000L));
  }

  @Test
  void badRowsAndSettingsAreNamed() throws IOException {
    Path file = folder.resolve("bad.csv");
    String path = file.toString();
    Files.writeString(file, "user,item,kind\nu,i,view\nu,j,stare\n");
    assertThatThrownBy(() -> run(Map.of("interactions", path)))
        .hasMessageContaining("bad.csv:3: there is no kind 'stare'");
    Files.writeString(file, "user,item,time\nu,i,soon\n");
    assertThatThrownBy(() -> run(Map.of("interactions", path)))
        .hasMessageContaining("bad.csv:2: 'soon' is not a time");
    Files.writeString(file, "user,item,value\nu,,4\n");
    assertThatThrownBy(() -> run(Map.of("interactions", path)))
        .hasMessageContaining("bad.csv:2: has no field 'item'");
    Files.writeString(file, "who,what\nu,i\n");
    assertThatThrownBy(() -> run(Map.of("interactions", path)))
        .hasMessageContaining("bad.csv:1: there is no column 'user'");
    Files.writeString(file, "user,item\nu,i\n");
    assertThatThrownBy(() -> run(Map.of("interactions", path)))
        .hasMessageContaining("no user has enough history");
    assertThatThrownBy(() -> run(Map.of("interactions", path, "options", "wishes=3")))
        .hasMessageContaining("wishes");
    assertThatThrownBy(() -> run(Map.of("interactions", path, "holdout", "2")))
        .hasMessageContaining("holdout");
    assertThatThrownBy(() -> run(Map.of())).hasMessageContaining("interactions must name a file");
    assertThatThrownBy(() -> run(Map.of("interactions", folder.resolve("absent").toString())))
        .hasMessageContaining("cannot be read");
  }
}
