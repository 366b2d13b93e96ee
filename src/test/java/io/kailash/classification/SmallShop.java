package io.kailash.classification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.stack.Eventually;
import io.kailash.stack.RunningService;
import io.kailash.stack.RunningService.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A taxonomy of nine leaves below three roots with a few hundred labelled items, made through the
 * API under a name of its own.
 */
public final class SmallShop {
  /** Words that tell the leaves apart. */
  private static final Map<String, List<String>> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put(
        "lamps", List.of("desk lamp", "floor lamp", "reading lamp", "led lamp", "bedside lamp"));
    WORDS.put(
        "sofas",
        List.of("two seat sofa", "corner sofa", "sofa bed", "velvet couch", "leather sofa"));
    WORDS.put(
        "rugs", List.of("wool rug", "round rug", "hallway runner rug", "jute rug", "shaggy rug"));
    WORDS.put(
        "drills",
        List.of("cordless drill", "hammer drill", "drill driver", "impact drill", "drill set"));
    WORDS.put("saws", List.of("hand saw", "circular saw", "jig saw", "hack saw", "mitre saw"));
    WORDS.put(
        "paint",
        List.of("wall paint", "white emulsion paint", "wood paint", "spray paint", "primer paint"));
    WORDS.put(
        "tea",
        List.of("green tea", "black tea bags", "earl grey tea", "mint tea", "loose leaf tea"));
    WORDS.put(
        "coffee",
        List.of(
            "espresso beans", "ground coffee", "coffee capsules", "decaf coffee", "coffee beans"));
    WORDS.put(
        "pasta",
        List.of(
            "spaghetti pasta",
            "penne pasta",
            "fusilli pasta",
            "egg noodles pasta",
            "lasagne pasta"));
  }

  private static final List<String> ADJECTIVES =
      List.of(
          "small", "large", "classic", "premium", "value", "new", "black", "white", "natural",
          "duo");

  private final RunningService service;
  public final String taxonomy;

  private SmallShop(RunningService service, String taxonomy) {
    this.service = service;
    this.taxonomy = taxonomy;
  }

  /** The taxonomy alone. */
  public static SmallShop withoutLabels(RunningService service, String taxonomy) {
    String csv =
        """
        code,name,parent
        home,Home,
        diy,DIY,
        food,Food,
        lamps,Lamps,home
        sofas,Sofas,home
        rugs,Rugs,home
        drills,Drills,diy
        saws,Saws,diy
        paint,Paint,diy
        tea,Tea,food
        coffee,Coffee,food
        pasta,Pasta,food
        """;
    Reply reply =
        service.send(
            service
                .request(
                    "/api/v1/taxonomies/" + taxonomy + "/versions?format=csv&name=Small%20shop")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return new SmallShop(service, taxonomy);
  }

  /** With so many labelled items in each leaf. */
  public static SmallShop withLabels(RunningService service, String taxonomy, int perLeaf) {
    SmallShop shop = withoutLabels(service, taxonomy);
    shop.label(perLeaf, 1, false);
    return shop;
  }

  /**
   * Adds labelled items.
   *
   * @param wrong labels every item with the next leaf instead of its own
   */
  public void label(int perLeaf, long seed, boolean wrong) {
    Random random = new Random(seed);
    List<String> leaves = List.copyOf(WORDS.keySet());
    for (int leaf = 0; leaf < leaves.size(); leaf++) {
      List<String> words = WORDS.get(leaves.get(leaf));
      String label = leaves.get(wrong ? (leaf + 1) % leaves.size() : leaf);
      for (int i = 0; i < perLeaf; i++) {
        String sku = taxonomy + "-" + leaves.get(leaf) + "-" + seed + "-" + i;
        String title =
            ADJECTIVES.get(random.nextInt(ADJECTIVES.size()))
                + " "
                + words.get(random.nextInt(words.size()))
                + " "
                + (100 + random.nextInt(900));
        // 428: labelled once before; the item stays as it is.
        assertThat(service.put("/api/v1/items/" + sku, Map.of("title", title)).status())
            .isIn(201, 428);
        assertThat(
                service
                    .put("/api/v1/items/" + sku + "/labels/" + taxonomy, Map.of("category", label))
                    .status())
            .isBetween(200, 201);
      }
    }
  }

  /** Trains and waits for the end. */
  public JsonNode train(boolean activate) throws Exception {
    Reply accepted =
        service.post("/api/v1/models", Map.of("taxonomy", taxonomy, "activate", activate));
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    return awaitJob(service, accepted.json().path("job").asText());
  }

  /** Waits for the end of a job, four minutes at most. */
  public static JsonNode awaitJob(RunningService service, String id) throws Exception {
    JsonNode[] job = new JsonNode[1];
    boolean ended =
        Eventually.within(
            Eventually.PATIENCE,
            () -> {
              job[0] = service.get("/api/v1/jobs/" + id).json();
              String status = job[0].path("status").asText();
              return !status.equals("queued") && !status.equals("running");
            });
    assertThat(ended).as("the job to end: " + job[0]).isTrue();
    return job[0];
  }

  public Reply classify(String title) {
    return service.post("/api/v1/classify", Map.of("taxonomy", taxonomy, "title", title));
  }
}
