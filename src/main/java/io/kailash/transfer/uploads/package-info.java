/**
 * Files of any size on their way in: items, labels, taxonomies and interactions as CSV or NDJSON,
 * plain or gzip.
 *
 * <p>The way through it: {@link io.kailash.transfer.uploads.UploadsResource} takes a file whole, as
 * multipart or in pieces by tus; {@code Receiver} stores its bytes in PostgreSQL part by part, so
 * that any instance can go on with it, and refuses at once what its beginning ({@code Glance})
 * shows to be no such file; when all is there, {@code UploadJob} unpacks ({@code Packed}), reads
 * ({@code CsvRows}, {@code JsonRows}) and checks row by row, and {@code Load} has chunks written
 * through the doors of the rooms that keep the rows.
 *
 * <p>What must hold: a chunk, its refused rows and the mark that it is behind commit together, so a
 * kill loses and doubles nothing. A file is read the same way each time, or marks would mean other
 * rows. A bad row is named by line, column and reason and stops no other. Of a key that stands in a
 * file more than once the first row counts: so the same file again changes nothing. No file is ever
 * whole in memory.
 */
package io.kailash.transfer.uploads;
