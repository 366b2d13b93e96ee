/**
 * What those who run the service look at: whether it lives, has started and is ready, and the pages
 * it shows them.
 *
 * <p>The way through it: the server asks the checks, {@link
 * io.kailash.operations.SystemOfRecordCheck} and its neighbours; they answer from what {@link
 * io.kailash.platform.StoreWatch} learned in the background.
 *
 * <p>What must hold: no check talks to a store while somebody waits for its answer; only PostgreSQL
 * decides whether the service is ready, because it alone holds the truth; what a check says is safe
 * to show to anybody.
 */
package io.kailash.operations;
