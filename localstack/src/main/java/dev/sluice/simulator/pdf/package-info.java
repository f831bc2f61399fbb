/**
 * PDF into Markdown: glyphs into rows, rows into columns, columns into lines, lines into headings,
 * paragraphs, lists and tables.
 */
@NullMarked
package dev.sluice.simulator.pdf;

import org.jspecify.annotations.NullMarked;
