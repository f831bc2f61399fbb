package dev.sluice.cli;

import dev.sluice.cli.api.SluiceApi;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes a document, whatever is being done with it: search no longer finds it, what is",
      "running is cancelled, and its text, vectors and files are removed within minutes.",
      "The audit trail and the record of what was paid stay. Text that another of your documents",
      "shares stays for that one."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice delete 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "",
      "Ingesting the same file later begins anew: nothing of what was deleted comes back."
    })
final class DeleteCommand extends DocumentAct {
  DeleteCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Done act(SluiceApi calls, String documentId) {
    calls.delete(documentId);
    return new Done(
        "Document " + documentId + " is deleted.",
        Map.of("document_id", documentId, "deleted", true));
  }
}
