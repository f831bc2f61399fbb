package dev.sluice.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.cli.ingest.DocumentOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code ingest --json} and {@code demo --json} print. */
record IngestReport(
    List<DocumentOutcome> documents,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SearchReport search,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RealSpending realSpending) {}
