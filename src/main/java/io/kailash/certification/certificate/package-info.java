/**
 * Signs what was judged, and checks what was signed.
 *
 * <p>An in-toto statement (version 1) about the WAR's digest in a DSSE envelope, signed with
 * Ed25519: formats that other tools read. It is called a certificate only when nothing that is
 * required is missing; else it is a report and carries the list.
 */
package io.kailash.certification.certificate;
