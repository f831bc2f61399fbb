/** What a person sees: progress, tables, passages. */
@NullMarked
package dev.sluice.cli.terminal;

import org.jspecify.annotations.NullMarked;
