/** Secrets, read when they are first needed. */
@NullMarked
package dev.sluice.secrets;

import org.jspecify.annotations.NullMarked;
