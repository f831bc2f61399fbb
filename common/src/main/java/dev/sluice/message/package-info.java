/** One versioned record a queue, and the way to send them. */
@NullMarked
package dev.sluice.message;

import org.jspecify.annotations.NullMarked;
