/**
 * Kailash classifies catalog items into a taxonomy, recommends items, and proves its own fitness
 * for production. Every package below this one is a room; its {@code package-info} says why it
 * exists. The arrows between rooms are held by a test.
 */
package io.kailash;
