package io.kailash.recommendation.model;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.ObjDoubleConsumer;

/** Learns a {@link RecommenderModel} from interactions. */
public final class RecommenderTrainer {

  /** With fewer users whose history can be held out, tuning would fit chance. */
  private static final int FEWEST_TUNING_USERS = 40;

  private static final double DEFAULT_OFFSET = 5;

  /** No source is switched off: where the others know nothing, it fills the answer. */
  private static final double LEAST_WEIGHT = 0.01;

  private static final double[] TRIED_WEIGHTS = {LEAST_WEIGHT, 0.03, 0.1, 0.2, 0.4, 0.8};

  private final Clock clock;

  /**
   * A trainer.
   *
   * @param clock tells when a training ended, for the model's description
   */
  public RecommenderTrainer(Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Trains a model. Takes seconds to minutes, and runs {@link RecommenderOptions#threads()}
   * threads.
   *
   * <p>Each user's latest items are held out first. On one half of the users the weights are tuned,
   * on the other half the quality is measured; then all is learnt again from all interactions with
   * these weights. Little data, or none, gives a model that knows what is popular and little or
   * nothing else, untuned.
   *
   * @param source read once
   * @param options how to train
   * @param progress told how far it is
   * @return the model and its measured quality
   * @throws TrainingCancelledException if {@code progress} asked to stop, or the thread was
   *     interrupted
   */
  public TrainedRecommender train(
      InteractionSource source, RecommenderOptions options, RecommenderProgress progress) {
    return train(source, options, progress, Map.of());
  }

  /**
   * Trains a model and tunes the weights of other sources too.
   *
   * @param source read once
   * @param options how to train
   * @param progress told how far it is
   * @param others sources that training does not learn, such as {@link Source#GRAPH}; asked about
   *     histories of up to {@link RecommenderOptions#validationUsers()} users, from this thread
   * @return the model and its measured quality
   * @throws TrainingCancelledException if {@code progress} asked to stop, or the thread was
   *     interrupted
   */
  public TrainedRecommender train(
      InteractionSource source,
      RecommenderOptions options,
      RecommenderProgress progress,
      Map<Source, CandidateSource> others) {
    progress.at("reading", 0);
    InteractionTable table = InteractionTable.read(source, options, progress);
    Learnt learnt = learn(table, options, progress, others, false);
    return new TrainedRecommender(learnt.model(), learnt.model().description().heldOut());
  }

  /**
   * What training found.
   *
   * @param model the whole
   * @param similarities its parts
   * @param tuned how they were put together
   */
  record Learnt(RecommenderModel model, Similarities similarities, WeightTuner.Tuned tuned) {}

  /**
   * Trains.
   *
   * @param unused also learns ways of comparing that tuning gave a weight of 0, for measuring them
   */
  Learnt learn(
      InteractionTable table,
      RecommenderOptions options,
      RecommenderProgress progress,
      Map<Source, CandidateSource> others,
      boolean unused) {
    Workers workers = new Workers(options.threads(), progress);
    InteractionTable.Split split = table.split(options.validationShare());
    int[] judges = judges(split, options);
    boolean enough = judges.length >= FEWEST_TUNING_USERS;
    Map<Source, Double> weights = new EnumMap<>(Source.class);
    weights.put(Source.BEHAVIOUR, 1.0);
    weights.put(Source.GRAPH, options.graphWeight());
    weights.put(Source.TEXT, options.textWeight());
    weights.put(Source.POPULAR, LEAST_WEIGHT);
    WeightTuner.Tuned tuned = null;
    RecommenderQuality quality = new RecommenderQuality(0, 0, 0, 0, 0, 0);
    float[] factors = null;
    List<String> tried = List.of();
    if (enough) {
      int[] tuning = Arrays.copyOf(judges, judges.length / 2);
      int[] measuring = Arrays.copyOfRange(judges, judges.length / 2, judges.length);
      InteractionTable older = split.older();
      Similarities similarities =
          Similarities.learn(
              older,
              rowsOf(older, judges),
              name -> true,
              null,
              options,
              workers,
              part(progress, 0.05, 0.45));
      factors = similarities.itemFactors;
      tried = similarities.names;
      progress.at("tuning", 0.5);
      tuned = new WeightTuner(split, tuning, similarities, options.historyLimit(), workers).tune();
      RecommenderModel half =
          model(older, similarities, tuned, weights, quality, "", options, workers);
      tuneFusion(half, split, tuning, others, weights, workers);
      quality = measure(half, split, measuring, others, weights);
    }
    String digest = table.digest();
    Map<String, Double> worth = new LinkedHashMap<>();
    if (tuned == null) {
      // Of too little to tune on, only what was done together can be trusted.
      worth.put(Similarities.KNN, 1.0);
      tuned = new WeightTuner.Tuned(DEFAULT_OFFSET, new double[] {1});
    } else {
      for (int s = 0; s < tried.size(); s++) {
        if (unused || tuned.weights()[s] > 0) {
          worth.put(tried.get(s), tuned.weights()[s]);
        }
      }
    }
    Similarities similarities =
        Similarities.learn(
            table, null, worth::containsKey, factors, options, workers, part(progress, 0.55, 0.4));
    double[] left = similarities.names.stream().mapToDouble(worth::get).toArray();
    tuned = new WeightTuner.Tuned(tuned.recencyOffset(), left);
    progress.at("merging similarities", 0.95);
    RecommenderModel model =
        model(table, similarities, tuned, weights, quality, digest, options, workers);
    progress.at("done", 1);
    return new Learnt(model, similarities, tuned);
  }

  private static ObjDoubleConsumer<String> part(
      RecommenderProgress progress, double from, double share) {
    return (phase, done) -> progress.at(phase, from + share * done);
  }

  /** Users whose later history is held out, at most as many as asked for, shuffled by the seed. */
  private static int[] judges(InteractionTable.Split split, RecommenderOptions options) {
    List<Integer> able = new ArrayList<>();
    for (int u = 0; u < split.newer().length; u++) {
      if (split.newer()[u].length > 0 && split.older().starts[u] < split.older().starts[u + 1]) {
        able.add(u);
      }
    }
    Collections.shuffle(able, new Random(options.seed()));
    return able.stream().limit(options.validationUsers()).mapToInt(Integer::intValue).toArray();
  }

  private static boolean[] rowsOf(InteractionTable table, int[] users) {
    boolean[] rows = new boolean[table.items.length];
    for (int user : users) {
      for (int e = table.starts[user]; e < table.starts[user + 1]; e++) {
        rows[table.item[e]] = true;
      }
    }
    return rows;
  }

  private RecommenderModel model(
      InteractionTable table,
      Similarities similarities,
      WeightTuner.Tuned tuned,
      Map<Source, Double> weights,
      RecommenderQuality quality,
      String digest,
      RecommenderOptions options,
      Workers workers) {
    SimilarityTable merged = similarities.merged(tuned.weights(), options, workers);
    Map<String, Double> names = new LinkedHashMap<>();
    for (int s = 0; s < tuned.weights().length; s++) {
      names.put(similarities.names.get(s), tuned.weights()[s]);
    }
    float[] popularity = popularity(table, options);
    int[] popular = mostPopular(popularity, options.popularItems());
    float[] popularScores = new float[popular.length];
    for (int k = 0; k < popular.length; k++) {
      popularScores[k] = popularity[popular[k]];
    }
    return new RecommenderModel(
        new ModelParts(
            new RecommenderDescription(
                ModelFile.VERSION,
                clock.instant(),
                digest,
                table.read,
                table.pairs(),
                table.users.length,
                table.items.length,
                merged.items.length,
                names,
                tuned.recencyOffset(),
                quality),
            table.items,
            merged,
            popular,
            popularScores,
            weights,
            options.historyLimit(),
            new double[] {
              options.viewWeight(),
              options.cartWeight(),
              options.purchaseWeight(),
              options.lowestRatingWeight(),
              options.highestRatingWeight(),
              options.lowestRating(),
              options.highestRating()
            }));
  }

  /** Strengths, halved for each half-life before the newest interaction. */
  static float[] popularity(InteractionTable table, RecommenderOptions options) {
    double[] sums = new double[table.items.length];
    double halfLife = options.popularityHalfLife().toMillis();
    long newest = table.newest();
    for (int e = 0; e < table.item.length; e++) {
      double age = ((double) newest - table.at[e]) / halfLife;
      // What is very old still orders the items that nothing recent is known of.
      sums[table.item[e]] += table.strength[e] * Math.max(1e-6, Math.pow(0.5, age));
    }
    float[] popularity = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      popularity[i] = (float) sums[i];
    }
    return popularity;
  }

  static int[] mostPopular(float[] popularity, int limit) {
    RowScores scores = new RowScores(popularity.length);
    for (int i = 0; i < popularity.length; i++) {
      if (popularity[i] > 0) {
        scores.add(i, popularity[i], 0);
      }
    }
    return scores.top(item -> false, limit);
  }

  /** Lists of all sources for one user, without what was seen. */
  private static Map<Source, List<ScoredItem>> lists(
      RecommenderModel model,
      InteractionTable older,
      int user,
      Map<Source, CandidateSource> others) {
    Asked asked = Asked.of(model, older, user);
    Map<Source, List<ScoredItem>> lists = new EnumMap<>(Source.class);
    lists.put(Source.BEHAVIOUR, asked.behaviour(Asked.CANDIDATES));
    lists.put(Source.POPULAR, asked.unseen(model.popular(Integer.MAX_VALUE)));
    others.forEach(
        (source, candidates) -> {
          if (source != Source.BEHAVIOUR && source != Source.POPULAR) {
            lists.put(
                source, asked.unseen(candidates.candidates(asked.history(), 2 * Asked.CANDIDATES)));
          }
        });
    return lists;
  }

  private static void tuneFusion(
      RecommenderModel model,
      InteractionTable.Split split,
      int[] users,
      Map<Source, CandidateSource> others,
      Map<Source, Double> weights,
      Workers workers) {
    List<Map<Source, List<ScoredItem>>> asked = new ArrayList<>();
    for (int user : users) {
      workers.stopIfCancelled("tuning");
      asked.add(lists(model, split.older(), user, others));
    }
    Map<String, Integer> numbers = Asked.numbers(split.older());
    List<Source> tunable = new ArrayList<>(others.keySet());
    tunable.add(Source.POPULAR);
    tunable.remove(Source.BEHAVIOUR);
    Collections.sort(tunable);
    for (Source source : tunable) {
      double best = -1;
      double bestWeight = LEAST_WEIGHT;
      for (double tried : TRIED_WEIGHTS) {
        weights.put(source, tried);
        double sum = 0;
        for (int k = 0; k < users.length; k++) {
          int[] ranking = Asked.ranking(Fusion.fuse(asked.get(k), weights, 20), numbers);
          int[] truth = split.newer()[users[k]];
          sum += RankingTally.recallAt20(ranking, truth) + RankingTally.ndcgAt10(ranking, truth);
        }
        if (sum > best + 1e-9) {
          best = sum;
          bestWeight = tried;
        }
      }
      weights.put(source, bestWeight);
    }
  }

  /** The quality of the whole, as it is served. */
  static RecommenderQuality measure(
      RecommenderModel model,
      InteractionTable.Split split,
      int[] users,
      Map<Source, CandidateSource> others,
      Map<Source, Double> weights) {
    Map<String, Integer> numbers = Asked.numbers(split.older());
    RankingTally tally = new RankingTally(split.older().usersOfItems(), split.older().users.length);
    for (int user : users) {
      tally.add(
          Asked.ranking(
              Fusion.fuse(lists(model, split.older(), user, others), weights, 20), numbers),
          split.newer()[user]);
    }
    return tally.quality();
  }
}
