package dev.sluice.cli;

import dev.sluice.cli.api.Document;
import dev.sluice.cli.api.SluiceApi;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Puts the generation back that search read before: at once, and at no cost.",
      "An upload that is still on its way is not stopped: search reads it when it is complete."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice rollback 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "  ./sluice rollback --to 3 0c4f6d6e-6a5b-5f6a-9a53-0e5d7a0c1f11",
      "",
      "A document keeps its active generation, one before it, and those that somebody went back",
      "from until a newer one is complete: until then --to leads there again."
    })
final class RollbackCommand extends DocumentAct {
  @Option(
      names = "--to",
      paramLabel = "GENERATION",
      description = "Which one, older or newer; the one before the active one if not given.")
  private @Nullable Integer to;

  RollbackCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /** By its number, so that a call whose answer was lost and that is repeated goes no further. */
  @Override
  Done act(SluiceApi calls, String documentId) {
    Document before = calls.document(documentId);
    Document after = calls.rollback(documentId, to == null ? before.previousGeneration() : to);
    return new Done(sentence(before, after), after);
  }

  private static String sentence(Document before, Document after) {
    String reads =
        "Search reads generation " + after.activeGeneration() + " of " + after.filename();
    return Objects.equals(before.activeGeneration(), after.activeGeneration())
        ? reads + " already."
        : reads + "; it read generation " + before.activeGeneration() + ".";
  }
}
