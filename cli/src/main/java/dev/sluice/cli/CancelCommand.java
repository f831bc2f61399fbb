package dev.sluice.cli;

import dev.sluice.cli.api.Job;
import dev.sluice.cli.api.SluiceApi;
import picocli.CommandLine.Command;

@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Stops a document's latest job where it stands, for good.",
      "What search reads of an earlier upload stays. To start over, ingest the file again; to",
      "remove everything: ./sluice delete DOCUMENT"
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice cancel 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "",
      "What has ended cannot be cancelled: the answer says how it ended, and nothing changes."
    })
final class CancelCommand extends DocumentAct {
  CancelCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Done act(SluiceApi calls, String documentId) {
    Job job = calls.cancel(documentId);
    return new Done(
        "Generation " + job.generation() + " of " + job.filename() + " is cancelled.", job);
  }
}
