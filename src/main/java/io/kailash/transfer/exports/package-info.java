/**
 * What is stored, as files: items, labels, interactions and decisions as CSV or NDJSON, plain or
 * gzip.
 *
 * <p>The way through it: {@link io.kailash.transfer.exports.ExportsResource} either streams an
 * export at once or submits an {@code ExportJob}, which writes it as a file of the job; both have
 * {@code Exports} write the rows of an {@code ExportQuery}.
 *
 * <p>What must hold: a file shows one moment; what it says can be uploaded again and changes
 * nothing; a slow reader costs a connection and no memory. Texts are written as they are stored.
 * That a spreadsheet takes a text such as {@code =1+1} for a formula is the spreadsheet's reading:
 * who opens a file in one asks for {@code escape_formulas=true}, and gets a file that is safe there
 * and no longer exact.
 */
package io.kailash.transfer.exports;
