/** The time that the simulators wait by. */
@NullMarked
package dev.sluice.simulator.clock;

import org.jspecify.annotations.NullMarked;
