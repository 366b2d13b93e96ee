package io.kailash.recommendation.experiments;

import java.time.Instant;
import java.util.List;

/**
 * Strategies that are compared.
 *
 * @param status running or ended
 * @param arms the others are compared with the first
 * @param metric clicked or bought
 * @param winner name of the arm that was clearly better; null where none was
 */
record Experiment(
    long id,
    String name,
    String status,
    List<Arm> arms,
    String metric,
    boolean stopWhenClear,
    Instant createdAt,
    String createdBy,
    Instant endedAt,
    String endedBy,
    String winner) {
  static final String RUNNING = "running";

  /**
   * One of the strategies.
   *
   * @param share of the users
   */
  record Arm(String name, String strategy, double share) {}

  boolean running() {
    return status.equals(RUNNING);
  }

  /**
   * The arm of a user: the same for the same user as long as the experiment lasts, and independent
   * of the user's arm in every other experiment.
   */
  Arm armOf(String user) {
    double place = place(id, user);
    double upTo = 0;
    for (Arm arm : arms) {
      upTo += arm.share();
      if (place < upTo) {
        return arm;
      }
    }
    return arms.get(arms.size() - 1);
  }

  /** From 0 to 1, evenly: FNV-1a, then the finaliser of MurmurHash3. */
  private static double place(long experiment, String user) {
    long hash = 0xcbf29ce484222325L ^ (experiment * 0x9e3779b97f4a7c15L);
    for (int i = 0; i < user.length(); i++) {
      hash = (hash ^ user.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return (hash >>> 11) * 0x1.0p-53;
  }
}
