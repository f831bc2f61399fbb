package dev.sluice.simulator.llamaparse;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checked request to parse.
 *
 * @param fileId a file uploaded before, else null
 * @param sourceUrl an address to fetch from, else null
 * @param pages which pages to parse
 * @param optionsHash what the result depends on beside the bytes: equal means equal
 */
record Submission(
    @Nullable String fileId,
    @Nullable String sourceUrl,
    Tier tier,
    String version,
    List<Webhook> webhooks,
    Map<String, String> userMetadata,
    boolean disableCache,
    PageSelection pages,
    String optionsHash) {}
