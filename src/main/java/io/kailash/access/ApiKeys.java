package io.kailash.access;

import com.github.f4b6a3.uuid.UuidCreator;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The valid keys. All hashes are held in memory and read again every {@code
 * kailash.access.refresh}, so a check never waits for a store; a key made or revoked here counts at
 * once, on other instances within that time.
 */
@Singleton
public class ApiKeys {
  static final String PREFIX = "kk_";
  private static final int KEY_BYTES = 32;
  private static final int HINT_LENGTH = 8;

  private final EntityManager entities;
  private final AuditLog audit;
  private final Clock clock;
  private final RandomGenerator random;
  private volatile Map<KeyHash, Caller> callers = Map.of();
  private volatile Set<UUID> validClients = Set.of();

  @Inject
  ApiKeys(EntityManager entities, AuditLog audit, Clock clock, RandomGenerator random) {
    this.entities = entities;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  /** Who holds this key, if anybody. */
  Optional<Caller> find(String key) {
    return Optional.ofNullable(callers.get(KeyHash.of(key)));
  }

  /**
   * Who asks, with at least this role. Asks no store.
   *
   * @param authorization the header of that name; null where there is none
   * @throws ProblemException 401 for nobody we know, 403 for somebody who may not
   */
  public Caller require(String authorization, Role needed) {
    if (authorization == null) {
      throw ProblemException.unauthenticated("send an API key: Authorization: Bearer <key>");
    }
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw ProblemException.unauthenticated(
          "the Authorization header is not of the form 'Bearer <key>'");
    }
    return requireKey(authorization.substring(7).strip(), needed);
  }

  /**
   * Whose key this is, with at least this role. Asks no store.
   *
   * @throws ProblemException 401 for nobody we know, 403 for somebody who may not
   */
  public Caller requireKey(String key, Role needed) {
    Caller caller =
        find(key)
            .orElseThrow(
                () -> ProblemException.unauthenticated("the API key is unknown or was revoked"));
    requireRole(caller, needed);
    return caller;
  }

  /**
   * Refuses a caller without a role.
   *
   * @throws ProblemException 403
   */
  public static void requireRole(Caller caller, Role needed) {
    if (!caller.role().covers(needed)) {
      throw ProblemException.forbidden(
          "this needs the role " + needed.text() + "; the key has " + caller.role().text());
    }
  }

  /** The clients whose keys are valid; for those who let somebody in for longer than a request. */
  public Set<UUID> validClients() {
    return validClients;
  }

  /** Whether an administrator's key was valid at the last {@link #refresh}. */
  boolean hasAdministrator() {
    return callers.values().stream().anyMatch(caller -> caller.role() == Role.ADMINISTRATOR);
  }

  /**
   * Registers a client; its key is valid from the next {@link #refresh}.
   *
   * @return the new client and its key, which is shown this once and never again
   */
  @Transactional
  NewClient create(Caller creator, String name, Role role) {
    byte[] secret = new byte[KEY_BYTES];
    random.nextBytes(secret);
    String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    ApiClient client = store(creator.name(), name, role, key);
    audit.record(
        creator.name(), "client.create", client.id.toString(), Map.of("name", name, "role", role));
    return new NewClient(client, key);
  }

  /** Makes a key invalid from the next {@link #refresh}. Revoking twice is the same as once. */
  @Transactional
  void revoke(Caller actor, UUID id) {
    ApiClient client = entities.find(ApiClient.class, id);
    if (client == null) {
      throw ProblemException.notFound("client", id.toString());
    }
    if (client.revokedAt == null) {
      client.revokedAt = clock.instant();
      audit.record(actor.name(), "client.revoke", id.toString(), Map.of("name", client.name));
    }
  }

  @Transactional
  List<ApiClient> all() {
    return entities
        .createQuery("from ApiClient order by createdAt, id", ApiClient.class)
        .getResultList();
  }

  /** Lets in the key an operator chose for the first start, unless there is an administrator. */
  @Transactional
  public void admitFirst(String key) {
    // Instances that start together wait for each other here, until the first has committed.
    entities
        .createNativeQuery(
            "select pg_advisory_xact_lock(hashtext('kailash.first-administrator'))", Object.class)
        .getSingleResult();
    long administrators =
        entities
            .createQuery(
                "select count(*) from ApiClient where role = 'administrator' and revokedAt is null",
                Long.class)
            .getSingleResult();
    if (administrators == 0) {
      ApiClient client = store("start", "first administrator", Role.ADMINISTRATOR, key);
      audit.record(
          "start",
          "client.create",
          client.id.toString(),
          Map.of("name", client.name, "role", client.role));
    }
  }

  /**
   * Reads all valid keys again. One at a time, so that what was read before a change never replaces
   * what was read after it; call it when the change is committed.
   */
  @Transactional
  public synchronized void refresh() {
    Map<KeyHash, Caller> read = new HashMap<>();
    // SQL, since a start waits for this, and to make Hibernate's own language ready takes long.
    for (Object row :
        entities
            .createNativeQuery("select * from api_client where revoked_at is null", ApiClient.class)
            .getResultList()) {
      ApiClient client = (ApiClient) row;
      read.put(new KeyHash(client.keyHash), client.caller());
    }
    callers = Map.copyOf(read);
    validClients = read.values().stream().map(Caller::clientId).collect(Collectors.toSet());
  }

  private ApiClient store(String creator, String name, Role role, String key) {
    ApiClient client = new ApiClient();
    client.id = UuidCreator.getTimeOrderedEpoch();
    client.name = name;
    client.role = role.text();
    client.keyHash = KeyHash.of(key).bytes;
    client.keyHint = key.substring(0, Math.min(HINT_LENGTH, key.length()));
    client.createdAt = clock.instant();
    client.createdBy = creator;
    entities.persist(client);
    entities.flush();
    return client;
  }

  /** A client just made, with the only copy of its key. */
  record NewClient(ApiClient client, String key) {}

  /**
   * SHA-256 of a key. Looking it up in a table leaks nothing that helps to guess 256 random bits.
   */
  private static final class KeyHash {
    final byte[] bytes;
    final int hash;

    KeyHash(byte[] bytes) {
      this.bytes = bytes;
      this.hash =
          bytes[0] << 24 | (bytes[1] & 255) << 16 | (bytes[2] & 255) << 8 | (bytes[3] & 255);
    }

    static KeyHash of(String key) {
      return new KeyHash(Sha256.of(key));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof KeyHash that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
