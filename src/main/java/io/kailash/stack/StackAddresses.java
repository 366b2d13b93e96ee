package io.kailash.stack;

import java.net.URI;
import java.util.Optional;

/**
 * Where the stores are.
 *
 * @param chroma the vector store, empty when the service uses Lucene in its own process
 */
public record StackAddresses(
    PostgresAddress postgres, RedisAddress redis, Neo4jAddress neo4j, Optional<URI> chroma) {}
