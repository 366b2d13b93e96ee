package io.kailash.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.Eventually;
import io.kailash.stack.Needs;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The pages in a real browser. */
@Needs("browser")
class ConsoleIT {
  private static final String TAXONOMY = "console-it";
  private static RunningService service;
  private static Browser browser;

  @BeforeAll
  static void trainSomethingToShow() throws Exception {
    service = RunningService.get();
    String csv =
        """
        code,name,parent
        garden,Garden,
        kitchen,Kitchen,
        hoses,Hoses,garden
        mowers,Mowers,garden
        pans,Pans,kitchen
        """;
    Reply imported =
        service.send(
            service
                .request("/api/v1/taxonomies/" + TAXONOMY + "/versions?format=csv&name=Console")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
    assertThat(imported.status()).as(imported.body()).isEqualTo(201);
    Map<String, String> titles =
        Map.of("hoses", "garden hose reel", "mowers", "lawn mower blade", "pans", "frying pan");
    for (Map.Entry<String, String> leaf : titles.entrySet()) {
      for (int i = 0; i < 20; i++) {
        String sku = TAXONOMY + "-" + leaf.getKey() + "-" + i;
        String title =
            leaf.getValue() + " " + (i + 10) + List.of(" cm", " green", " set").get(i % 3);
        assertThat(service.put("/api/v1/items/" + sku, Map.of("title", title)).status())
            .isBetween(200, 201);
        assertThat(
                service
                    .put(
                        "/api/v1/items/" + sku + "/labels/" + TAXONOMY,
                        Map.of("category", leaf.getKey()))
                    .status())
            .isBetween(200, 201);
      }
    }
    Reply training = service.post("/api/v1/models", Map.of("taxonomy", TAXONOMY, "activate", true));
    assertThat(training.status()).as(training.body()).isEqualTo(202);
    String job = "/api/v1/jobs/" + training.json().path("job").asText();
    Eventually.until(
        "the training to succeed",
        () -> service.get(job).json().path("status").asText().equals("succeeded"));
  }

  @BeforeAll
  static void open() throws IOException {
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void forgetEarlierTests() {
    browser.actAs(1280, "light");
    browser.driver.get(service.baseUri() + "/");
    browser.driver.executeScript("sessionStorage.clear()");
    browser.driver.get("about:blank");
    browser.complaints();
  }

  private void openWithKey() throws Exception {
    browser.driver.get(service.baseUri() + "/#key=" + service.adminKey());
    browser.await("the taxonomies are listed", () -> browser.byId("taxonomy").isEnabled());
    browser.choose("taxonomy", TAXONOMY);
  }

  private void ask(String title) {
    browser.byId("title").clear();
    browser.byId("title").sendKeys(title, Keys.ENTER);
  }

  @Test
  void aPastedTitleIsAnsweredWithCategoryConfidenceAndAlternatives() throws Exception {
    openWithKey();
    ask("long garden hose with reel");

    assertThat(browser.shown("code")).isEqualTo("hoses");
    assertThat(browser.shown("path")).isEqualTo("Garden\nHoses");
    assertThat(browser.shown("confidence")).matches("[0-9]{1,3}[.][0-9]%");
    assertThat(browser.shown("decision")).isIn("Accepted", "For review");
    assertThat(browser.byId("levels").findElements(By.tagName("li"))).hasSize(2);
    assertThat(browser.byId("alternatives").getText()).contains("Mowers").contains("%");
    assertThat(browser.shown("fact-model")).startsWith(TAXONOMY);
    double filled = browser.byId("confidence-bar").getSize().getWidth();
    double whole = browser.driver.findElement(By.cssSelector(".bar.large")).getSize().getWidth();
    double shown = Double.parseDouble(browser.shown("confidence").replace("%", "")) / 100;
    browser.await(
        "the bar has reached its length",
        () -> Math.abs(browser.byId("confidence-bar").getSize().getWidth() / whole - shown) < 0.02);
    assertThat(filled).isPositive();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatSpokeForTheAnswerIsShownOnDemand() throws Exception {
    openWithKey();
    ask("frying pan");
    browser.shown("code");
    assertThat(browser.byId("evidence").isDisplayed()).isFalse();

    browser.driver.findElement(By.cssSelector("#why summary")).click();

    assertThat(browser.shown("evidence")).contains("frying").contains("title");
  }

  @Test
  void theKeyLeavesTheAddressAndIsForgottenOnRequest() throws Exception {
    openWithKey();
    assertThat(browser.driver.getCurrentUrl()).doesNotContain("#").doesNotContain("key");

    browser.driver.findElement(By.cssSelector("#key-panel summary")).click();
    browser.byId("key-forget").click();

    browser.await("nothing can be chosen", () -> !browser.byId("taxonomy").isEnabled());
    assertThat(browser.driver.executeScript("return sessionStorage.getItem('kailash.key')"))
        .isNull();
  }

  @Test
  void aWrongKeyIsAnsweredWithAReadableProblem() throws Exception {
    browser.driver.get(service.baseUri() + "/");
    browser.byId("key").sendKeys("kk_wrong", Keys.ENTER);

    assertThat(browser.shown("problem")).contains("Not authenticated");
    assertThat(browser.byId("key").isDisplayed()).isTrue();
  }

  @Test
  void aProblemOfAFieldIsShownAtThatFieldAndTheFieldIsFocused() throws Exception {
    openWithKey();
    browser.byId("classify").click();

    assertThat(browser.shown("title-problem")).startsWith("Title ");
    assertThat(browser.byId("title").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.driver.switchTo().activeElement()).isEqualTo(browser.byId("title"));
    assertThat(browser.shown("problem")).contains("Request");
  }

  @Test
  void markupInATitleOrInAnAnswerStaysText() throws Exception {
    openWithKey();
    ask(
        "<img src=x onerror=\"document.title='run'\"> frying pan <script>document.title='run'</script>");

    assertThat(browser.shown("code")).isEqualTo("pans");
    browser.driver.findElement(By.cssSelector("#why summary")).click();
    browser.shown("evidence");
    assertThat(browser.driver.getTitle()).isEqualTo("Classify an item – Kailash");
    assertThat(browser.byId("answer").findElements(By.tagName("img"))).isEmpty();
  }

  @Test
  void everythingCanBeReachedAndSentByKeyboardAlone() throws Exception {
    openWithKey();
    browser.byId("title").sendKeys("lawn mower");
    WebElement focused = browser.byId("title");
    for (int i = 0; i < 20 && !"classify".equals(focused.getDomAttribute("id")); i++) {
      focused.sendKeys(Keys.TAB);
      focused = browser.driver.switchTo().activeElement();
    }
    assertThat(focused.getDomAttribute("id")).isEqualTo("classify");
    focused.sendKeys(Keys.ENTER);

    assertThat(browser.shown("code")).isEqualTo("mowers");
    assertThat(browser.byId("spoken").getDomProperty("textContent")).contains("Garden, Mowers");
  }

  @Test
  void everyFieldHasALabel() throws Exception {
    openWithKey();
    Object without =
        browser.driver.executeScript(
            "return [...document.querySelectorAll('input, textarea, select')]"
                + ".filter(field => !field.labels.length).map(field => field.id)");
    assertThat((List<?>) without).isEmpty();
    Object fields =
        browser.driver.executeScript(
            "return document.querySelectorAll('input, textarea, select').length");
    assertThat((Long) fields).isGreaterThanOrEqualTo(6);
  }

  @Test
  void nothingIsCutOffOnANarrowScreenAndTextContrastsInBothColours() throws Exception {
    for (String colours : List.of("light", "dark")) {
      browser.actAs(320, colours);
      openWithKey();
      ask("garden hose");
      browser.shown("code");
      Object overflow =
          browser.driver.executeScript(
              "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat((Long) overflow).as(colours).isZero();
      Object contrast = browser.driver.executeScript(CONTRAST);
      assertThat(((Number) contrast).doubleValue())
          .as("least contrast of text, " + colours)
          .isGreaterThanOrEqualTo(4.5);
    }
  }

  /** Least contrast of all shown texts against what is behind them; formula of WCAG 2.2. */
  private static final String CONTRAST =
      """
      const parts = colour => {
        const numbers = colour.match(/[0-9.]+/g).map(Number);
        return numbers.length === 3 ? [...numbers, 1] : numbers;
      };
      const luminance = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map(v => v / 255)
          .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
      };
      const behind = element => {
        for (let e = element; e; e = e.parentElement) {
          const colour = parts(getComputedStyle(e).backgroundColor);
          if (colour[3] === 1) return colour;
        }
        return [255, 255, 255, 1];
      };
      let least = 21;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
        const a = luminance(parts(getComputedStyle(element).color));
        const b = luminance(behind(element));
        least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
      }
      return least;
      """;

  @Test
  void theApiPageShowsTheDescriptionWithoutAnyComplaintOfTheBrowser() throws Exception {
    browser.driver.get(service.baseUri() + "/api.html");
    browser.await(
        "operations are listed",
        () -> browser.driver.findElements(By.cssSelector("#swagger .opblock")).size() > 5);
    assertThat(browser.byId("swagger").getText()).contains("/api/v1/clients");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void pagesForbidForeignScriptsAndFrames() {
    for (String page : List.of("/", "/index.html", "/api.html", "/console/classify.js")) {
      Reply reply = service.get(page);
      assertThat(reply.status()).as(page).isEqualTo(200);
      assertThat(reply.header("Content-Security-Policy").orElse(""))
          .as(page)
          .contains("default-src 'none'")
          .contains("script-src 'self';")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(reply.header("X-Content-Type-Options")).as(page).contains("nosniff");
      assertThat(reply.header("Referrer-Policy")).as(page).contains("no-referrer");
    }
  }
}
