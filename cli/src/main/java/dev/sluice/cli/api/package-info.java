/** Sluice's HTTP API as a client sees it. */
@NullMarked
package dev.sluice.cli.api;

import org.jspecify.annotations.NullMarked;
