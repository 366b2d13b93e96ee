package io.kailash.stack;

/** How a server is asked to end. */
enum StopSignal {
  /** The polite way. */
  TERM,
  /** PostgreSQL's fast shutdown: does not wait for its clients to leave. */
  INT,
  /** For a server that does not heed the others. */
  KILL
}
