/**
 * Tells those who are connected what happens, as it happens, over WebSocket and as server-sent
 * events.
 *
 * <p>The way through it: any room publishes to {@link io.kailash.platform.LiveFeed}, which writes a
 * stream in Redis; the {@link io.kailash.live.Broadcast} of every instance reads it, keeps the
 * newest in a ring and hands each event to every {@link io.kailash.live.Listener} whose {@link
 * io.kailash.live.Subscription} wants it. Who connects passes {@link io.kailash.live.LiveDoor}
 * (origin, key, limits); a WebSocket is a {@link io.kailash.live.SocketListener} then, a stream a
 * {@link io.kailash.live.StreamListener}; {@link io.kailash.live.Connections} knows them all and
 * ends those that are dead, idle or have lost their key. What else is asked over a socket is
 * answered by the {@link io.kailash.platform.LiveCall}s that rooms offer.
 *
 * <p>What must hold: nobody waits for a listener, and no listener costs more memory than its
 * bounded queue; an event is written as text once, for all; who comes back within the window gets
 * every event it wants once and in order, and who comes too late is told that something is missing;
 * while Redis is down listeners are told, and nothing else suffers. Nothing imports this room.
 */
package io.kailash.live;
