package io.kailash.recommendation.model;

/**
 * Quality on history that was not learnt from: for each user all known items he has not turned to
 * before are ranked, and compared with what he turned to next.
 *
 * @param users how many users were judged; 0 where the history is too short to hold any out, and
 *     then all figures are 0
 * @param heldOut how many interactions of theirs were held out
 * @param recallAt20 mean over the users of: held-out items among the first 20, divided by held-out
 *     items
 * @param ndcgAt10 mean over the users of the normalised discounted cumulative gain of the first 10,
 *     gains of 0 or 1, discount log2(rank + 1) (Järvelin, Kekäläinen 2002)
 * @param coverage share of the known items that are among the first 20 of at least one user
 * @param noveltyBits mean over the first 20 of −log2(share of the users who have turned to the
 *     item) (Zhou and others 2010)
 */
public record RecommenderQuality(
    long users,
    long heldOut,
    double recallAt20,
    double ndcgAt10,
    double coverage,
    double noveltyBits) {}
