@NullMarked
package dev.sluice.simulator.llamaparse;

import org.jspecify.annotations.NullMarked;
