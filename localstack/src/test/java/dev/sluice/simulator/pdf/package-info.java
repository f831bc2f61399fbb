@NullMarked
package dev.sluice.simulator.pdf;

import org.jspecify.annotations.NullMarked;
