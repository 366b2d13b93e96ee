/**
 * Carries every change from the tables to the stores that are derived from them, and puts those
 * right.
 *
 * <p>The way through it: a change and its row of the outbox are committed together by the room that
 * makes it; the {@link io.kailash.projection.OutboxRelay} of each target is woken (or looks by
 * itself a moment later), reads the settled rows after its place by the {@link
 * io.kailash.projection.Ledger}, and hands them to its {@link io.kailash.projection.Projector},
 * which reads from {@link io.kailash.projection.Tables} what is so by then and writes it. {@link
 * io.kailash.projection.Rebuild} writes a target anew from the tables; {@link
 * io.kailash.projection.Upkeep} checks, rebuilds and retries for people; {@link
 * io.kailash.projection.OutboxPartitions} keeps the outbox small; {@link
 * io.kailash.projection.Projections} tells how far every target is.
 *
 * <p>What must hold: a target never passes a row before it has it; no row is passed while a
 * transaction is open that could still come before it; one instance carries a target, and whoever
 * writes it (relay, rebuild, retry) has its turn alone and reads the tables within that turn; a
 * target that is down or refuses a change holds up no other; nothing flows back into the tables. No
 * transaction of the tables is open while a store is written: an open one would hold up the reading
 * of the outbox for everybody.
 */
package io.kailash.projection;
