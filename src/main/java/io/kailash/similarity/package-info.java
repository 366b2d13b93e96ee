/** Vectors of texts and their neighbours; a placeholder with the agreed shapes until it lands. */
package io.kailash.similarity;
