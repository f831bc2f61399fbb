/** Tells the simulated providers of a running cloud how to behave. */
@NullMarked
package dev.sluice.cli.faults;

import org.jspecify.annotations.NullMarked;
