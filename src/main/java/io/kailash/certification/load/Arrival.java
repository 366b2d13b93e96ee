package io.kailash.certification.load;

/**
 * One planned arrival.
 *
 * @param number from 0
 * @param nanos planned start, after the beginning of the phase
 */
record Arrival(long number, long nanos) {}
