@NullMarked
package dev.sluice.finalize;

import org.jspecify.annotations.NullMarked;
