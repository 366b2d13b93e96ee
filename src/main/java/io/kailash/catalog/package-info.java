/**
 * The items, their labels, and the one editor through which both change.
 *
 * <p>The way through it: {@link io.kailash.catalog.ItemsResource} and {@link
 * io.kailash.catalog.LabelsResource} translate requests; {@link io.kailash.catalog.ItemRules} says
 * what an item may hold; {@link io.kailash.catalog.ItemEditor} makes every change, one transaction
 * each, by the statements of {@link io.kailash.catalog.ItemRows} and {@link
 * io.kailash.catalog.LabelRows}. Other rooms read by {@link io.kailash.catalog.Items} and, for
 * training, {@link io.kailash.catalog.LabelledItems}. {@link io.kailash.catalog.StarterCatalog}
 * fills an empty service once.
 *
 * <p>What must hold: no item or label changes but through the editor; a change of an existing item
 * names the version it was made from, unless the caller says that any will do; an item's version
 * only grows, even when its sku is deleted and comes back; every change of a label is kept. The
 * statements are plain SQL on the transaction's connection rather than entities, because each
 * change is one conditional statement whose row count decides what happened.
 */
package io.kailash.catalog;
