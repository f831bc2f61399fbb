/** From files on a disk to complete documents: read, upload, follow. */
@NullMarked
package dev.sluice.cli.ingest;

import org.jspecify.annotations.NullMarked;
