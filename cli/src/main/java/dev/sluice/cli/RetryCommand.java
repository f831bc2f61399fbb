package dev.sluice.cli;

import dev.sluice.cli.api.Job;
import dev.sluice.cli.api.SluiceApi;
import picocli.CommandLine.Command;

@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Lets a document's failed job go on from the last state that is stored.",
      "What was parsed or embedded before the failure is not paid for again."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice retry 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "  ./sluice status 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "",
      "What has not failed is left alone, and the answer says what it is. For every failed job of",
      "a stage at once: ./sluice redrive QUEUE"
    })
final class RetryCommand extends DocumentAct {
  RetryCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Done act(SluiceApi calls, String documentId) {
    Job job = calls.retry(documentId);
    return new Done(
        job.filename()
            + " goes on from "
            + job.status()
            + "; follow it with: ./sluice status "
            + job.documentId(),
        job);
  }
}
