/** The functions' logs, merged and made readable. */
@NullMarked
package dev.sluice.cli.logs;

import org.jspecify.annotations.NullMarked;
