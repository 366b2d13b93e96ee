package io.kailash.classification.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  @Test
  void theFiguresAreThoseOfTheDefinitions() {
    CategoryTree tree = SyntheticCatalog.tree(27);
    QualityTally tally = new QualityTally(tree);
    tally.add("l0", "l0", true, 0.9);
    tally.add("l0", "l1", true, 0.9);
    tally.add("l1", "l1", true, 0.5);
    tally.add("gone", "l1", false, 0.5);
    QualityReport report = tally.report();
    assertThat(report.examples()).isEqualTo(4);
    assertThat(report.unknownCategory()).isEqualTo(1);
    assertThat(report.accuracyAt1()).isEqualTo(0.5);
    assertThat(report.accuracyAt3()).isEqualTo(0.75);
    // l0: 1 right of 2 true and 1 answered, F1 2/3; l1: 1 of 1 true and 3 answered, F1 1/2; gone:
    // 0.
    assertThat(report.macroF1()).isCloseTo((2.0 / 3 + 0.5) / 3, within(1e-9));
    QualityReport.LevelQuality leaves = report.levels().get(2);
    // Without the unknown one l1 was answered twice: F1 2/3.
    assertThat(leaves.weightedF1()).isCloseTo((2 * 2.0 / 3 + 2.0 / 3) / 3, within(1e-9));
    assertThat(report.levels().get(0).weightedF1()).isEqualTo(1);
    // Two bins of two: |0.5 - 0.9| and |0.5 - 0.5|, half of the examples each.
    assertThat(report.expectedCalibrationError()).isCloseTo(0.2, within(1e-9));
    assertThat(report.table()).contains("accuracy at 1", "0.5000", "level 3");
  }

  @Test
  void aWorseModelIsToldFromAnEqualOne() {
    assertThat(ModelComparison.ofCounts(500, 10, 40, 50).candidateIsWorse()).isTrue();
    assertThat(ModelComparison.ofCounts(500, 24, 26, 50).candidateIsWorse()).isFalse();
    assertThat(ModelComparison.ofCounts(500, 40, 10, 50).candidateIsWorse()).isFalse();
    assertThat(ModelComparison.ofCounts(500, 0, 0, 50).candidateIsWorse()).isFalse();
    assertThat(ModelComparison.ofCounts(0, 1, 3, 0).chance()).isCloseTo(5.0 / 16, within(1e-9));
    assertThatThrownBy(() -> ModelComparison.ofCounts(0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aModelOfHalfTheDataLosesAgainstOneOfAll() {
    CategoryTree tree = SyntheticCatalog.tree(27);
    SyntheticCatalog large = new SyntheticCatalog(tree, 1_500, 0, 3);
    SyntheticCatalog small = new SyntheticCatalog(tree, 60, 0, 3);
    Trainer trainer = new Trainer(Clock.systemUTC());
    TrainingOptions options = TrainingOptions.defaults().withFolds(1);
    ClassifierModel good = trainer.train(tree, large, options, TrainingProgress.silent()).model();
    ClassifierModel bad = trainer.train(tree, small, options, TrainingProgress.silent()).model();
    assertThat(ModelComparison.of(bad, good, large.heldOut(400).stream()).candidateIsWorse())
        .isTrue();
    assertThat(ModelComparison.of(good, bad, large.heldOut(400).stream()).candidateIsWorse())
        .isFalse();
  }

  @Test
  void calibrationRisesAndStaysWithinItsBounds() {
    float[] raw = new float[1000];
    boolean[] right = new boolean[1000];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = i / 1000f;
      right[i] = i % 10 < i / 200;
    }
    IsotonicCalibration calibration = IsotonicCalibration.fit(raw, right);
    float before = 0;
    for (int i = 0; i <= 100; i++) {
      float confidence = calibration.apply(i / 100f);
      assertThat(confidence).isBetween(before, 1f);
      before = confidence;
    }
    assertThat(calibration.apply(0.9f)).isCloseTo(0.4f, within(0.05f));
  }

  @Test
  void theCommandReadsCsvAndJsonAndPrintsModelAndBaseline(@TempDir Path folder) throws IOException {
    SyntheticCatalog catalog = new SyntheticCatalog(SyntheticCatalog.tree(8), 400, 0, 5);
    Path train = folder.resolve("train.csv");
    StringBuilder csv = new StringBuilder("name,path\n");
    catalog
        .open()
        .forEach(
            e ->
                csv.append('"')
                    .append(e.item().title())
                    .append("\",")
                    .append(String.join(" > ", catalog.tree().path(e.categoryCode())))
                    .append('\n'));
    Files.writeString(train, csv);
    Path test = folder.resolve("test.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(test))) {
      for (Example e : catalog.heldOut(100)) {
        String line =
            "{\"name\":\""
                + e.item().title()
                + "\",\"path\":\""
                + String.join(" > ", catalog.tree().path(e.categoryCode()))
                + "\"}\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    String printed = run(train, test, "path");
    assertThat(printed)
        .contains(
            "test         100 examples",
            "mean of weighted F1",
            "baseline: linear SVM",
            "titles per");
  }

  @Test
  void badRowsAreNamedByFileAndLine(@TempDir Path folder) throws IOException {
    Path good = folder.resolve("good.csv");
    Files.writeString(good, "name,path\na,X > Y\nb,X > Z\n");
    Path noLabel = folder.resolve("bad.json");
    Files.writeString(noLabel, "{\"name\":\"a\",\"path\":\"X\"}\n{\"name\":\"b\"}\n");
    assertThatThrownBy(() -> run(good, noLabel, "path"))
        .hasMessageContaining("bad.json:2: has no label");
    Files.writeString(noLabel, "{\"name\":\"a\",\"path\":\"X\"}\n\n{\"name\":\n");
    assertThatThrownBy(() -> run(good, noLabel, "path"))
        .hasMessageContaining("bad.json:3: is not JSON");
    assertThatThrownBy(() -> run(good, good, "category"))
        .hasMessageContaining("good.csv:1: there is no column 'category'");
    assertThatThrownBy(() -> run(good, folder.resolve("absent.csv"), "path"))
        .hasMessageContaining("does not exist");
    Path notText = folder.resolve("latin.csv");
    Files.write(
        notText,
        new byte[] {
          'n', 'a', 'm', 'e', ',', 'p', 'a', 't', 'h', '\n', (byte) 0xE9, ',', 'X', '\n'
        });
    assertThatThrownBy(() -> run(good, notText, "path")).hasMessageContaining("not UTF-8");
  }

  private static String run(Path train, Path test, String labels) throws IOException {
    Properties settings = new Properties();
    settings.setProperty("train", train.toString());
    settings.setProperty("test", test.toString());
    settings.setProperty("fields.title", "name");
    settings.setProperty("fields.labels", labels);
    settings.setProperty("measured", "200");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new EvaluationCommand(
            settings, Clock.systemUTC(), new PrintStream(out, true, StandardCharsets.UTF_8))
        .run();
    return out.toString(StandardCharsets.UTF_8);
  }
}
