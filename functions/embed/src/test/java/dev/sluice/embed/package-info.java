@NullMarked
package dev.sluice.embed;

import org.jspecify.annotations.NullMarked;
