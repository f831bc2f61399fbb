package dev.sluice.cli.ingest;

import dev.sluice.cli.api.Job;

/** Hears how each file gets on; called by several threads at once. */
public interface Watcher {
  /** The bytes are being read and sent. */
  void uploading(int file);

  void progressed(int file, Job job);

  void ended(int file, DocumentOutcome outcome);
}
