package io.kailash.classification.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The product data of the challenge 'Mining the Web of HTML-embedded Product Data' (2020), where it
 * is at hand.
 */
class PublishedDataTest {

  private static final Path FOLDER = Path.of("..", "shared", "data", "mwpd2020");

  @Test
  void onPublishedProductsTheModelBeatsThePlainBaselineAndKnowsHowSureItIs() throws IOException {
    boolean present = Files.isDirectory(FOLDER);
    if (!present) {
      System.out.println("PublishedDataTest did not run: there is no folder " + FOLDER);
    }
    assumeTrue(present, "there is no folder " + FOLDER);
    LabelledFile.Fields fields =
        new LabelledFile.Fields(
            "Name",
            "",
            "Description",
            "CategoryText",
            "URL",
            List.of("lvl1", "lvl2", "lvl3"),
            " > ");
    Map<String, CategoryTree.Category> categories = LabelledFile.noCategories();
    List<Example> train =
        new LabelledFile(FOLDER.resolve("train.json.gz"), fields).read(categories);
    List<Example> test =
        new LabelledFile(FOLDER.resolve("validation.json.gz"), fields).read(categories);
    CategoryTree tree = CategoryTree.of(categories.values());
    TrainingOptions options = TrainingOptions.defaults().withFolds(2);
    QualityReport baseline = TitleBaseline.measure(tree, train, test, options);
    ClassifierModel model =
        new Trainer(Clock.systemUTC())
            .train(tree, ExampleSource.of(train), options, TrainingProgress.silent())
            .model();
    QualityReport report = Evaluation.of(model, test.stream());
    assertThat(report.meanWeightedF1())
        .isGreaterThan(baseline.meanWeightedF1() + 0.03)
        .isGreaterThan(0.90);
    assertThat(report.expectedCalibrationError()).isLessThan(0.03);
    // Without cross-validation a tree trains in seconds; it may cost half a point at most.
    ClassifierModel branches =
        new Trainer(Clock.systemUTC())
            .train(
                tree,
                ExampleSource.of(train),
                options.withStructure(TrainingOptions.Structure.TREE),
                TrainingProgress.silent())
            .model();
    assertThat(Evaluation.of(branches, test.stream()).accuracyAt1())
        .isGreaterThan(report.accuracyAt1() - 0.005);
  }
}
