/**
 * Starts PostgreSQL, Redis, Neo4j, the vector store and the service, for {@code mvn -Prun}, for
 * tests and for gates.
 *
 * <p>It exists so that nobody needs more than a JDK and Maven to see the service on real stores.
 * The way through: {@link io.kailash.stack.StackSettings} says what to start and what exists
 * already; {@link io.kailash.stack.EmbeddedStack} starts the stores side by side in one data
 * folder; {@link io.kailash.stack.ServiceProcess} starts Payara Micro with the WAR on them; {@link
 * io.kailash.stack.Run} does both in the foreground.
 *
 * <p>What must hold: every server is a process of its own, in a session of its own, so that an
 * interrupt of the terminal reaches it only through us and in order. Each leaves a record in the
 * data folder that outlives a killed run, and the next start ends what it finds there. All of them
 * listen on loopback only, with generated passwords that are never on a command line. A failed
 * start leaves nothing running and says in one line which setting would help.
 *
 * <p>This room is not in the WAR: nothing in there may use it.
 */
package io.kailash.stack;
