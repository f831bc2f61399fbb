/** Secrets, read once when a function starts. */
@NullMarked
package dev.sluice.secrets;

import org.jspecify.annotations.NullMarked;
