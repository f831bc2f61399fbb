/** Log fields that follow a document through the pipeline. */
@NullMarked
package dev.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
