package dev.sluice.chunk;

import dev.sluice.document.JobRef;
import java.util.UUID;

/**
 * One invocation's right to chunk one job.
 *
 * @param lease that every write names
 * @param plan whose version the chunks carry
 */
record ChunkWork(JobRef job, UUID lease, ChunkPlan plan) {}
