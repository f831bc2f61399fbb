/** Finds out what a file is and has it read as Markdown. */
@NullMarked
package dev.sluice.simulator.parser;

import org.jspecify.annotations.NullMarked;
