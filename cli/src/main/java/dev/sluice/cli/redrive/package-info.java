/** Messages from the dead-letter queues back to where they failed. */
@NullMarked
package dev.sluice.cli.redrive;

import org.jspecify.annotations.NullMarked;
