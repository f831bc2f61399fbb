package dev.sluice.crash;

import java.time.Instant;
import java.util.List;

/**
 * What a document or an act has come to.
 *
 * @param status the job's last status
 * @param at when it came to that
 * @param unbooked where the providers' charges and the ledger differ, in words
 */
record Ended(String status, Instant at, Evidence evidence, List<String> unbooked) {}
