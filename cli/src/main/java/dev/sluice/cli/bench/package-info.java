/** Long runs under load, and what they show. */
@NullMarked
package dev.sluice.cli.bench;

import org.jspecify.annotations.NullMarked;
