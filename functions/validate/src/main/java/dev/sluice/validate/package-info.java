/** Parsed Markdown becomes the canonical text: checked, normalised, hashed, deduplicated. */
@NullMarked
package dev.sluice.validate;

import org.jspecify.annotations.NullMarked;
