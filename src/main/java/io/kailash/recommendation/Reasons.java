package io.kailash.recommendation;

import io.kailash.recommendation.model.Kind;
import io.kailash.recommendation.model.Source;
import io.kailash.taxonomy.Category;
import io.kailash.taxonomy.Taxonomies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says in words why an item is recommended. */
final class Reasons {
  private final Map<String, ItemCard> cards;
  private final Taxonomies taxonomies;
  private final Set<String> lookedAt;
  private final Map<String, Kind> past = new HashMap<>();

  Reasons(
      Map<String, ItemCard> cards,
      Taxonomies taxonomies,
      Set<String> lookedAt,
      List<InteractionSeen> history) {
    this.cards = cards;
    this.taxonomies = taxonomies;
    this.lookedAt = lookedAt;
    history.forEach(
        seen -> past.merge(seen.sku(), seen.kind(), (a, b) -> a == Kind.PURCHASE ? a : b));
  }

  String of(Candidate candidate, ItemCard card) {
    if (candidate.leading() == null) {
      return in("new", card);
    }
    if (candidate.because() == null || candidate.leading() == Source.POPULAR) {
      return in("popular", card);
    }
    ItemCard other = cards.get(candidate.because());
    String title = other == null || other.title().isEmpty() ? candidate.because() : other.title();
    if (candidate.why() != null) {
      return switch (candidate.why()) {
        case BOUGHT_WITH -> "often bought with " + title;
        case NEAR -> "goes with " + title;
        case SAME_BRAND -> "same brand and category as " + title;
        case SAME_CATEGORY -> "same category as " + title;
        case SIMILAR -> "similar to " + title;
      };
    }
    if (lookedAt.contains(candidate.because())) {
      return "often chosen with " + title;
    }
    return switch (past.getOrDefault(candidate.because(), Kind.VIEW)) {
      case PURCHASE -> "because you bought " + title;
      case CART -> "because you chose " + title;
      case RATING -> "because you rated " + title;
      case VIEW, DISMISSAL -> "because you viewed " + title;
    };
  }

  private String in(String what, ItemCard card) {
    List<RecommendAnswer.Place> places = places(card);
    return places.isEmpty() ? what : what + " in " + places.get(0).name();
  }

  /** Where the item belongs, as far as the taxonomies know. */
  List<RecommendAnswer.Place> places(ItemCard card) {
    List<RecommendAnswer.Place> places = new ArrayList<>(card.categories().size());
    card.categories()
        .forEach(
            (taxonomy, code) -> {
              Optional<Category> category =
                  taxonomies.find(taxonomy).flatMap(t -> t.categories().find(code));
              category.ifPresent(
                  c -> places.add(new RecommendAnswer.Place(taxonomy, code, c.name())));
            });
    return places;
  }
}
