/** Bringing a deployed database to the newest version. */
@NullMarked
package dev.sluice.cli.database;

import org.jspecify.annotations.NullMarked;
