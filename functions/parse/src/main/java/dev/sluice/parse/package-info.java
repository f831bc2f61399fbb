/** Raw bytes to Markdown: text as it is, known bytes from before, anything else by LlamaParse. */
@NullMarked
package dev.sluice.parse;

import org.jspecify.annotations.NullMarked;
