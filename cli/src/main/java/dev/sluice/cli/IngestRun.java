package dev.sluice.cli;

import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.ingest.DocumentOutcome;
import dev.sluice.cli.ingest.FollowJob;
import dev.sluice.cli.ingest.IngestDocuments;
import dev.sluice.cli.terminal.ProgressBoard;
import dev.sluice.cli.terminal.Screen;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ingests files with their progress shown: to a person on standard output, else on the side. */
record IngestRun(Surroundings surroundings, boolean json, Duration limit) {

  List<DocumentOutcome> ingest(SluiceApi api, List<String> files, @Nullable String documentId)
      throws InterruptedException {
    FollowJob follow = new FollowJob(api, surroundings.pause(), surroundings.clock(), limit);
    try (ProgressBoard board = board(files)) {
      return new IngestDocuments(api, follow, board, documentId).ingest(files);
    }
  }

  /** Where everything goes that is not the JSON object. */
  PrintWriter words() {
    Screen screen = surroundings.screen();
    return json ? screen.err() : screen.out();
  }

  static int exitCode(List<DocumentOutcome> outcomes) {
    return outcomes.stream().allMatch(DocumentOutcome::isComplete)
        ? ExitCode.DONE
        : ExitCode.DOCUMENT_FAILED;
  }

  private ProgressBoard board(List<String> files) {
    return json
        ? ProgressBoard.plain(surroundings.screen().err(), files)
        : ProgressBoard.forWatching(surroundings.screen(), files, surroundings.clock());
  }
}
