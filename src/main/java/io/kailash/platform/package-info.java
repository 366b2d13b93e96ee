/**
 * What every room stands on and no room is about: settings, the PostgreSQL pool and its migrations,
 * JSON, problem details, idempotent writes, cursors, the clients of the derived stores and their
 * figures.
 *
 * <p>The way through it: the server asks {@link io.kailash.platform.PostgresPool} for connections
 * while the persistence unit starts, {@link io.kailash.platform.SchemaMigration} brings the schema
 * up to date before Hibernate validates it; a request enters through {@link
 * io.kailash.platform.RestApplication}, its body through {@link io.kailash.platform.JsonBody}, and
 * whatever goes wrong leaves as a {@link io.kailash.platform.Problem}.
 *
 * <p>What must hold: no business word in here, nothing of ours is imported, and no failure leaves
 * with a class name or a stack trace.
 */
package io.kailash.platform;
