@NullMarked
package dev.sluice.simulator.openai;

import org.jspecify.annotations.NullMarked;
