package io.kailash.classification.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrainerTest {

  private static final CategoryTree TREE = SyntheticCatalog.tree(27);

  private static TrainedModel train(
      ExampleSource source, TrainingOptions options, TrainingProgress progress) {
    return new Trainer(Clock.systemUTC()).train(TREE, source, options, progress);
  }

  private static TrainedModel train(List<Example> examples) {
    return train(ExampleSource.of(examples), TrainingOptions.defaults(), TrainingProgress.silent());
  }

  private static Example example(String title, String code) {
    return new Example(ItemText.ofTitle(title), code);
  }

  @Test
  void fewerThanTwoCategoriesAreRefusedWithTheNumbers() {
    assertThatThrownBy(() -> train(List.of()))
        .isInstanceOf(TooFewExamplesException.class)
        .hasMessageContaining("0 examples of 0 categories");
    assertThatThrownBy(
            () -> train(List.of(example("a", "l0"), example("b", "l0"), example("c", "unknown"))))
        .isInstanceOfSatisfying(
            TooFewExamplesException.class,
            e -> {
              assertThat(e.examples()).isEqualTo(2);
              assertThat(e.labelledCategories()).isEqualTo(1);
            });
  }

  @Test
  void twoExamplesOfTwoCategoriesAreEnough() {
    ClassifierModel model =
        train(List.of(example("red apple", "l0"), example("steel hammer", "l1"))).model();
    assertThat(model.classify(ItemText.ofTitle("apple"), 2).bestLeaf()).isEqualTo("l0");
    assertThat(model.classify(ItemText.ofTitle("hammer"), 2).bestLeaf()).isEqualTo("l1");
  }

  @Test
  void examplesOutsideTheTreeAreSkippedAndCounted() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      examples.add(example("apple " + i, "l0"));
      examples.add(example("hammer " + i, "l1"));
      examples.add(example("ghost " + i, "nowhere"));
    }
    ModelDescription description = train(examples).model().description();
    assertThat(description.exampleCount()).isEqualTo(40);
    assertThat(description.skippedExamples()).isEqualTo(20);
  }

  @Test
  void anInnerCategoryCanBeALabelBesideItsOwnChildren() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      examples.add(example("apple fruit " + i, "l0"));
      examples.add(example("pear fruit " + i, "l1"));
      examples.add(example("mixed basket " + i, "m0"));
      examples.add(example("hammer tool " + i, "l20"));
    }
    for (TrainingOptions.Structure structure :
        List.of(TrainingOptions.Structure.FLAT, TrainingOptions.Structure.TREE)) {
      ClassifierModel model =
          train(
                  ExampleSource.of(examples),
                  TrainingOptions.defaults().withStructure(structure),
                  TrainingProgress.silent())
              .model();
      Prediction prediction = model.classify(ItemText.ofTitle("mixed basket"), 4);
      assertThat(prediction.bestLeaf()).isEqualTo("m0");
      assertThat(prediction.levels()).hasSize(2);
      assertThat(model.classify(ItemText.ofTitle("pear"), 4).bestLeaf()).isEqualTo("l1");
    }
  }

  @Test
  void otherFieldsThanTheTitleAreLearntToo() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      boolean even = i % 2 == 0;
      examples.add(
          new Example(
              new ItemText(
                  "model " + i,
                  even ? "Acme" : "Globex",
                  even ? "boils water" : "drives nails",
                  even ? "Kitchen" : "Workshop",
                  even ? "https://tea.example/x" : "https://tools.example/y"),
              even ? "l0" : "l20"));
    }
    ClassifierModel model = train(examples).model();
    assertThat(model.classify(new ItemText("model", "Globex", null, null, null), 1).bestLeaf())
        .isEqualTo("l20");
    assertThat(model.classify(new ItemText("model", null, "boils", null, null), 1).bestLeaf())
        .isEqualTo("l0");
    assertThat(model.classify(new ItemText("model", null, null, "workshop", null), 1).bestLeaf())
        .isEqualTo("l20");
    assertThat(
            model
                .classify(new ItemText("model", null, null, null, "http://www.tea.example/"), 1)
                .bestLeaf())
        .isEqualTo("l0");
  }

  @Test
  void trainingStopsWhenAskedTo() {
    SyntheticCatalog catalog = new SyntheticCatalog(TREE, 1_500, 0, 3);
    for (String stopAt : List.of("counting features", "training part 2 of 4", "measuring")) {
      boolean[] stop = {false};
      TrainingProgress progress =
          new TrainingProgress() {
            @Override
            public void at(String phase, double fraction) {
              stop[0] |= phase.equals(stopAt);
            }

            @Override
            public boolean cancelled() {
              return stop[0];
            }
          };
      if (stopAt.equals("measuring")) {
        // Nothing asks again after the last phase has begun but the end itself.
        assertThatThrownBy(() -> train(catalog, TrainingOptions.defaults(), progress))
            .isInstanceOf(TrainingCancelledException.class);
      } else {
        assertThatThrownBy(() -> train(catalog, TrainingOptions.defaults(), progress))
            .isInstanceOf(TrainingCancelledException.class)
            .hasMessageContaining(stopAt);
      }
    }
  }

  @Test
  void progressNeverGoesBackAndEndsAtOne() {
    SyntheticCatalog catalog = new SyntheticCatalog(TREE, 500, 0, 3);
    List<Double> seen = new ArrayList<>();
    train(
        catalog,
        TrainingOptions.defaults().withThreads(2),
        new TrainingProgress() {
          @Override
          public void at(String phase, double fraction) {
            synchronized (seen) {
              seen.add(fraction);
            }
          }

          @Override
          public boolean cancelled() {
            return false;
          }
        });
    assertThat(seen).isSorted().endsWith(1.0);
  }

  @Test
  void aSourceThatChangesBetweenReadingsIsNoticed() {
    AtomicInteger opened = new AtomicInteger();
    List<Example> examples =
        List.of(example("apple", "l0"), example("hammer", "l1"), example("pear", "l0"));
    ExampleSource shrinking = () -> examples.stream().limit(opened.getAndIncrement() == 0 ? 3 : 2);
    assertThatThrownBy(
            () -> train(shrinking, TrainingOptions.defaults(), TrainingProgress.silent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3 examples at the first reading and 2");
  }

  @Test
  void calibrationBringsConfidenceCloserToTheTruth() {
    SyntheticCatalog catalog = new SyntheticCatalog(SyntheticCatalog.tree(60), 2_500, 0.15, 11);
    ClassifierModel model =
        new Trainer(Clock.systemUTC())
            .train(catalog.tree(), catalog, TrainingOptions.defaults(), TrainingProgress.silent())
            .model();
    QualityReport calibrated = Evaluation.of(model, catalog.heldOut(4_000).stream());
    QualityReport raw = Evaluation.of(model.withoutCalibration(), catalog.heldOut(4_000).stream());
    assertThat(calibrated.expectedCalibrationError())
        .isLessThan(0.04)
        .isLessThan(raw.expectedCalibrationError());
    assertThat(calibrated.accuracyAt1()).isEqualTo(raw.accuracyAt1());
  }

  @Test
  void oneHeldOutPartIsNotLearntFrom() {
    SyntheticCatalog catalog = new SyntheticCatalog(TREE, 1_000, 0, 3);
    TrainedModel trained =
        train(catalog, TrainingOptions.defaults().withFolds(1), TrainingProgress.silent());
    assertThat(trained.heldOut().examples()).isBetween(100L, 300L);
    assertThat(trained.heldOut().accuracyAt1()).isGreaterThan(0.7);
  }

  @Test
  void roundingAndPruningCostLittle() {
    SyntheticCatalog catalog = new SyntheticCatalog(TREE, 1_500, 0.05, 3);
    List<Example> test = catalog.heldOut(1_000);
    TrainingOptions d = TrainingOptions.defaults().withFolds(1);
    TrainingOptions few =
        new TrainingOptions(
            d.seed(),
            d.regularisation(),
            d.structure(),
            d.flatLimit(),
            d.beamWidth(),
            d.heldOutShare(),
            d.heldOutLimit(),
            d.folds(),
            d.foldsLimit(),
            d.backOffThreshold(),
            d.maxFeatures(),
            1,
            d.maxTextChars(),
            d.maxDescriptionChars(),
            d.threads());
    ClassifierModel all = train(catalog, d, TrainingProgress.silent()).model();
    ClassifierModel pruned = train(catalog, few, TrainingProgress.silent()).model();
    assertThat(pruned.description().weightCount()).isLessThan(all.description().weightCount() / 2);
    assertThat(Evaluation.of(pruned, test.stream()).accuracyAt1())
        .isGreaterThan(Evaluation.of(all, test.stream()).accuracyAt1() - 0.02);
  }

  @Test
  void anOptionOutOfRangeIsNamed() {
    assertThatThrownBy(() -> TrainingOptions.defaults().withFolds(0)).hasMessageContaining("folds");
    assertThatThrownBy(() -> TrainingOptions.defaults().withThreads(0))
        .hasMessageContaining("threads");
    assertThatThrownBy(() -> TrainingOptions.defaults().withBackOffThreshold(2))
        .hasMessageContaining("backOffThreshold");
  }
}
