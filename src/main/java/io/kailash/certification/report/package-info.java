/**
 * Writes an assessment down: one HTML page for people, JSON for programs, JUnit's XML for builds.
 *
 * <p>The page holds everything it shows, opens without a network and reads well on paper. Charts
 * are drawn from histograms; verdicts never are.
 */
package io.kailash.certification.report;
