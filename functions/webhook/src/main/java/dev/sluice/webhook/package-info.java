/** The parsers' signed callbacks: believed only after every check, and then only as a hint. */
@NullMarked
package dev.sluice.webhook;

import org.jspecify.annotations.NullMarked;
