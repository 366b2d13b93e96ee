package io.kailash.classification.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassifierModelTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static SyntheticCatalog catalog;
  private static ClassifierModel flat;
  private static ClassifierModel tree;

  @BeforeAll
  static void train() {
    catalog = new SyntheticCatalog(SyntheticCatalog.tree(27), 1_500, 0.05, 3);
    flat = train(TrainingOptions.Structure.FLAT, 2);
    tree = train(TrainingOptions.Structure.TREE, 2);
  }

  private static ClassifierModel train(TrainingOptions.Structure structure, int threads) {
    TrainingOptions options =
        TrainingOptions.defaults().withStructure(structure).withThreads(threads);
    return new Trainer(CLOCK)
        .train(catalog.tree(), catalog, options, TrainingProgress.silent())
        .model();
  }

  private static byte[] bytes(ClassifierModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  @Test
  void aModelReadFromItsFileAnswersAndDescribesItselfAsBefore() throws IOException {
    for (ClassifierModel model : List.of(flat, tree)) {
      ClassifierModel copy = ClassifierModel.read(new ByteArrayInputStream(bytes(model)));
      assertThat(copy.description()).isEqualTo(model.description());
      assertThat(copy.tree().digest()).isEqualTo(catalog.tree().digest());
      for (Example example : catalog.heldOut(200)) {
        assertThat(copy.classify(example.item(), 4)).isEqualTo(model.classify(example.item(), 4));
      }
      assertThat(bytes(copy)).isEqualTo(bytes(model));
    }
  }

  @Test
  void theSameDataSeedAndClockGiveTheSameBytesWhateverTheThreads() throws IOException {
    assertThat(bytes(train(TrainingOptions.Structure.FLAT, 1))).isEqualTo(bytes(flat));
    assertThat(bytes(train(TrainingOptions.Structure.TREE, 3))).isEqualTo(bytes(tree));
  }

  @Test
  void aCutFileIsRefusedWhereverItIsCut() throws IOException {
    byte[] whole = bytes(flat);
    for (int length : new int[] {0, 5, 11, 30, 52, 53, whole.length / 2, whole.length - 1}) {
      assertThatThrownBy(
              () -> ClassifierModel.read(new ByteArrayInputStream(Arrays.copyOf(whole, length))))
          .as("cut to %d bytes", length)
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("cut");
    }
  }

  @Test
  void aDamagedByteAnywhereIsNoticed() throws IOException {
    byte[] whole = bytes(flat);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 40; i++) {
      int at = i < 20 ? i * 2 : random.nextInt(whole.length);
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> ClassifierModel.read(new ByteArrayInputStream(damaged)))
          .as("byte %d", at)
          .isInstanceOf(ModelFileException.class);
    }
  }

  @Test
  void aFileWithMoreBytesThanItSaysIsRefused() throws IOException {
    byte[] whole = bytes(flat);
    assertThatThrownBy(
            () ->
                ClassifierModel.read(
                    new ByteArrayInputStream(Arrays.copyOf(whole, whole.length + 1))))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("after its end");
  }

  @Test
  void aNewerFormatIsRefusedByItsNumber() throws IOException {
    byte[] newer = bytes(flat);
    newer[11] = 99;
    assertThatThrownBy(() -> ClassifierModel.read(new ByteArrayInputStream(newer)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("99");
  }

  @Test
  void theDescriptionTellsWhereTheModelComesFrom() {
    ModelDescription description = flat.description();
    assertThat(description.trainedAt()).isEqualTo(CLOCK.instant());
    assertThat(description.treeDigest()).isEqualTo(catalog.tree().digest());
    assertThat(description.exampleCount()).isEqualTo(1_500);
    assertThat(description.categoryCount()).isBetween(20, 27);
    assertThat(description.structure()).isEqualTo(TrainingOptions.Structure.FLAT);
    assertThat(description.trainingDataDigest()).hasSize(64);
    assertThat(description.heldOut().examples()).isEqualTo(1_500);
    assertThat(tree.description().structure()).isEqualTo(TrainingOptions.Structure.TREE);
  }

  @Test
  void confidencesNeverGrowOnTheWayDownAndNeverSumToMoreThanOne() {
    for (ClassifierModel model : List.of(flat, tree)) {
      for (Example example : catalog.heldOut(300)) {
        Prediction prediction = model.classify(example.item(), 100);
        double above = 1;
        for (Prediction.LevelConfidence level : prediction.levels()) {
          assertThat(level.confidence()).isBetween(0.0, above);
          above = level.confidence();
        }
        double sum =
            prediction.alternatives().stream()
                .mapToDouble(Prediction.Alternative::confidence)
                .sum();
        assertThat(sum).isLessThanOrEqualTo(1 + 1e-5);
        double before = 1;
        for (Prediction.Alternative alternative : prediction.alternatives()) {
          assertThat(alternative.confidence()).isLessThanOrEqualTo(before);
          before = alternative.confidence();
        }
        assertThat(prediction.alternatives().get(0).code()).isEqualTo(prediction.bestLeaf());
        assertThat(prediction.margin()).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void anUnsureLeafBacksOffToTheDeepestSureAncestor() {
    int backedOff = 0;
    for (Example example : catalog.heldOut(300)) {
      Prediction prediction = flat.classify(example.item(), 1, 0.9);
      String deepest = prediction.levels().get(0).code();
      for (Prediction.LevelConfidence level : prediction.levels()) {
        if (level.confidence() >= 0.9) {
          deepest = level.code();
        }
      }
      assertThat(prediction.category()).isEqualTo(deepest);
      assertThat(prediction.sure()).isEqualTo(prediction.confidence() >= 0.9);
      backedOff +=
          prediction.sure() && !prediction.category().equals(prediction.bestLeaf()) ? 1 : 0;
      assertThat(flat.classify(example.item(), 1, 0).category()).isEqualTo(prediction.bestLeaf());
    }
    assertThat(backedOff).isPositive();
  }

  @Test
  void anItemOfWhichNothingIsKnownGetsTheConfidenceOfAGuess() {
    for (String title : new String[] {"", " ", "ЖЩЮ", "☃☃☃", "\uD800", "\u0000\u0001", "\u202E"}) {
      for (ClassifierModel model : List.of(flat, tree)) {
        Prediction prediction = model.classify(ItemText.ofTitle(title), 3);
        assertThat(prediction.knownFeatures()).isZero();
        assertThat(prediction.bestLeafConfidence()).isLessThan(0.06);
        assertThat(prediction.sure()).isFalse();
        assertThat(model.explain(ItemText.ofTitle(title), prediction.bestLeaf(), 5)).isEmpty();
      }
    }
  }

  @Test
  void oddTextIsClassifiedLikeAnyOther() {
    String known = catalog.example(0).item().title();
    List<String> odd =
        List.of(
            "x".repeat(1_000_000),
            "word ".repeat(200_000),
            "ﷺ".repeat(200_000),
            "\uD83D\uDE00\uD800\uDC00\uDFFF\uD800",
            "שלום עולם مرحبا",
            "\u0000\u0007\u001B[0m",
            "日本語の商品",
            "e\u0301".repeat(5_000));
    for (ClassifierModel model : List.of(flat, tree)) {
      for (String text : odd) {
        ItemText item = new ItemText(known + " " + text, text, text, text, text);
        Prediction prediction = model.classify(item, 3);
        assertThat(prediction.bestLeafConfidence()).isBetween(0.0, 1.0);
        assertThat(model.explain(item, prediction.bestLeaf(), 3)).isNotEmpty();
      }
      assertThat(model.classify(ItemText.ofTitle(known.toUpperCase(java.util.Locale.ROOT)), 3))
          .isEqualTo(model.classify(ItemText.ofTitle(known), 3));
    }
  }

  @Test
  void fullWidthLettersReadAsPlainOnes() {
    String known = catalog.example(0).item().title();
    StringBuilder wide = new StringBuilder();
    known.chars().forEach(c -> wide.append(c > ' ' && c < 127 ? (char) (c + 0xFEE0) : (char) c));
    assertThat(flat.classify(ItemText.ofTitle(wide.toString()), 3))
        .isEqualTo(flat.classify(ItemText.ofTitle(known), 3));
  }

  @Test
  void theExplanationNamesTheWordThatDecides() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      examples.add(new Example(ItemText.ofTitle("blue kettle number" + i), "l0"));
      examples.add(new Example(ItemText.ofTitle("blue hammer number" + i), "l1"));
    }
    ClassifierModel model =
        new Trainer(CLOCK)
            .train(
                SyntheticCatalog.tree(27),
                ExampleSource.of(examples),
                TrainingOptions.defaults(),
                TrainingProgress.silent())
            .model();
    ItemText item = ItemText.ofTitle("Blue KETTLE");
    List<Evidence> evidence = model.explain(item, "l0", 3);
    assertThat(evidence.get(0).text()).isEqualTo("kettle");
    assertThat(evidence.get(0).field()).isEqualTo(Evidence.Field.TITLE);
    assertThat(evidence.get(0).contribution()).isPositive();
    assertThat(model.explain(item, "l1", 1).get(0).contribution()).isNegative();
    assertThatThrownBy(() -> model.explain(item, "nowhere", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyThreadsGetTheAnswersOfOne() throws Exception {
    List<Example> items = catalog.heldOut(200);
    List<Prediction> expected = items.stream().map(e -> flat.classify(e.item(), 3)).toList();
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<Prediction>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            executor.submit(() -> items.stream().map(e -> flat.classify(e.item(), 3)).toList()));
      }
      for (Future<List<Prediction>> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void treeAndFlatAgree() {
    List<Example> items = catalog.heldOut(1_000);
    long same =
        items.stream()
            .filter(
                e ->
                    flat.classify(e.item(), 1)
                        .bestLeaf()
                        .equals(tree.classify(e.item(), 1).bestLeaf()))
            .count();
    assertThat(same).isGreaterThan(900);
    double flatAccuracy = Evaluation.of(flat, items.stream()).accuracyAt1();
    double treeAccuracy = Evaluation.of(tree, items.stream()).accuracyAt1();
    assertThat(flatAccuracy).isGreaterThan(0.75);
    assertThat(treeAccuracy).isCloseTo(flatAccuracy, within(0.03));
  }

  @Test
  void questionsOutOfRangeAreRefused() {
    ItemText item = ItemText.ofTitle("a");
    assertThatThrownBy(() -> flat.classify(item, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> flat.classify(item, 1, 1.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> flat.classify(item, 1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
