@NullMarked
package dev.sluice.simulator.admin;

import org.jspecify.annotations.NullMarked;
