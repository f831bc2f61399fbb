/** The one port by which both simulated providers are told, while they run, how to behave. */
@NullMarked
package dev.sluice.simulator.admin;

import org.jspecify.annotations.NullMarked;
