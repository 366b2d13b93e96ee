package io.kailash.similarity;

import java.util.concurrent.Callable;

/** Where a store tells how long its operations take. */
interface Timings {
  /** Runs an operation and notes how long it took, also when it fails. */
  <T> T time(String store, String operation, Callable<T> work) throws Exception;
}
