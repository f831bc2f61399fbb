@NullMarked
package dev.sluice.simulator.fault;

import org.jspecify.annotations.NullMarked;
