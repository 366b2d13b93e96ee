/**
 * Who may call: API clients, their keys and roles, and the audit log of what they did.
 *
 * <p>The way through it: {@link io.kailash.access.AccessFeature} puts a filter before every REST
 * method, with the role that the method's {@link io.kailash.access.RequiresRole} names; the filter
 * asks {@link io.kailash.access.ApiKeys}, which holds the hashes of all valid keys in memory, so
 * that no store is on the way of a request. The resource finds the {@link io.kailash.access.Caller}
 * in the security context.
 *
 * <p>What must hold: a key is stored and compared only as its SHA-256 hash (keys are 256 random
 * bits, so a slow hash would protect nothing) and never reaches a log; a method without {@code
 * RequiresRole} is for administrators only.
 */
package io.kailash.access;
