@NullMarked
package dev.sluice.sweep;

import org.jspecify.annotations.NullMarked;
