/** The sluice command: one class a subcommand. */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
