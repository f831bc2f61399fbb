@NullMarked
package dev.sluice.simulator.parser;

import org.jspecify.annotations.NullMarked;
